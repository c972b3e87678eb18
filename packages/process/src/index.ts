export type { Conversation } from "./conversation.js";
export { describeCommand } from "./describe-command.js";
export type { EndingLadder } from "./end-child.js";
export { findProgram, type ProgramSearch } from "./find-program.js";
export type { LimitReached } from "./limit-watch.js";
export { endMarkedProcesses, type MarkedProcesses } from "./marked-processes.js";
export { createOutputCap, type OutputCap, type OutputCapOptions } from "./output-cap.js";
export {
  endNotedProcesses,
  forgetProcesses,
  noteProcess,
  readStartTime,
  type StartedProcess,
} from "./process-notes.js";
export { TURN_VARIABLE } from "./process-table.js";
export { type ProcessOutcome, type ProcessRequest, runProcess } from "./run-process.js";
export type { ExitStatus } from "./spawn-child.js";
export type { StartFailureReason } from "./start-failure.js";
export { type MarkedTurn, parseTurnMarker, stateFolderMark, type TurnPlace, turnMarker } from "./turn-marker.js";
