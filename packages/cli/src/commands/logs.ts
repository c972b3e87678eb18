import {
  createTextSanitizer,
  loadRun,
  type MaskStream,
  type RunState,
  type RunStateView,
  type StageView,
  stageOfTurn,
  stageUnknown,
  type TextSanitizer,
  turnId,
} from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findRun } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";
import { printJson } from "../print/print-json.js";

export interface LogsOptions {
  readonly follow?: boolean;
  readonly failed?: boolean;
}

/** How often a followed log is read again, in milliseconds. */
const FOLLOW_MS = 500;

/** Prints what the turns of a run, or of one stage, wrote; raw output is made safe for the terminal. */
export async function logsCommand(
  context: CommandContext,
  run: string | undefined,
  stage: string | undefined,
  options: LogsOptions,
): Promise<number> {
  return await withStore(
    context,
    async (store) => {
      const runId = await findRun(store, run, context.note);
      const printer = createPrinter(context);
      let count = 0;
      for (;;) {
        const isWorkedOn = isHeld(await store.holder(runId)); // before the logs: what comes after its end is in them
        const { state } = await loadRun(store, runId);
        const turns = turnsOf(state, stage, options);
        for (const turn of turns) {
          for await (const chunk of store.logs.read(runId, turn, printer.offsetOf(turn))) printer.print(turn, chunk);
          if (options.follow !== true || !isWorkedOn || !isInFlight(state, turn)) printer.endOf(turn);
        }
        count = turns.length;
        if (options.follow !== true || !isWorkedOn) break;
        await context.host.clock.wait(FOLLOW_MS);
      }
      printer.end();
      if (!printer.hasPrinted()) context.note(nothingOf(stage ?? runId, count, options));
      return 0;
    },
    "logs",
  );
}

function turnsOf(state: RunState, stage: string | undefined, { failed }: LogsOptions): readonly string[] {
  const gone = stage === undefined || state.stages.has(stage) ? undefined : state.vanished.get(stage);
  if (stage !== undefined && gone !== undefined) return turnIds(stage, failed === true ? 0 : gone.turns);
  const stages = stage === undefined ? [...state.stages.values()] : [known(state, stage)];
  return stages
    .filter(({ status }) => failed !== true || status === "failed")
    .flatMap(({ definition, turns }) => turnIds(definition.id, turns));
}

/** Of a stage that vanished nothing is. */
function isInFlight(state: RunStateView, turn: string): boolean {
  return state.stages.get(stageOfTurn(turn))?.inFlight.some((one) => one.turn === turn) ?? false;
}

function nothingOf(what: string, turns: number, { failed }: LogsOptions): string {
  if (turns > 0) return `No turn of ${what} has written anything.\n`;
  return `No turn of ${what} has ${failed === true ? "failed" : "started"}.\n`;
}

function turnIds(stage: string, turns: number): readonly string[] {
  return Array.from({ length: turns }, (_, n) => turnId(stage, n + 1));
}

function known(state: RunStateView, stage: string): StageView {
  const view = state.stages.get(stage);
  if (view !== undefined) return view;
  throw stageUnknown(stage, state.stages.keys());
}

interface Printer {
  /** Bytes of the turn's log that have been printed. */
  offsetOf(turn: string): number;
  print(turn: string, chunk: Uint8Array): void;
  /** The turn has ended, and with it what might have become a secret. */
  endOf(turn: string): void;
  /** Ends the last line. */
  end(): void;
  hasPrinted(): boolean;
}

interface ShownLog {
  offset: number;
  hasEnded: boolean;
  readonly decoder: TextDecoder;
  readonly sanitizer: TextSanitizer;
  /** Logs are masked when they are written; a secret that was declared since then is masked here. */
  readonly mask: MaskStream;
}

/** Prints logs one after the other, each below its heading; a letter, a sequence or a secret may come in two chunks. */
function createPrinter({ print, note, settings, options }: CommandContext): Printer {
  const shown = new Map<string, ShownLog>();
  const open = (): ShownLog => ({
    offset: 0,
    hasEnded: false,
    decoder: new TextDecoder(),
    sanitizer: createTextSanitizer(),
    mask: settings.secrets.masker.createStream(),
  });
  let last: string | null = null;
  let isMidLine = false;
  const endLine = (): void => {
    if (isMidLine) print("\n");
    isMidLine = false;
  };
  const give = (turn: string, { decoder, sanitizer }: ShownLog, bytes: Uint8Array): void => {
    const text = sanitizer.push(decoder.decode(bytes, { stream: true }));
    if (text === "") return;
    if (turn !== last && options.json !== true) {
      endLine();
      note(`--- ${turn}\n`);
    }
    last = turn;
    if (options.json === true) {
      printJson({ print }, "logs", { v: 1, turn, text });
      return;
    }
    print(text);
    isMidLine = !text.endsWith("\n");
  };
  return {
    offsetOf: (turn) => shown.get(turn)?.offset ?? 0,
    print: (turn, chunk) => {
      if (chunk.length === 0) return;
      const log = shown.get(turn) ?? open();
      shown.set(turn, log);
      log.offset += chunk.length;
      give(turn, log, log.mask.push(chunk));
    },
    endOf: (turn) => {
      const log = shown.get(turn);
      if (log === undefined || log.hasEnded) return;
      log.hasEnded = true;
      give(turn, log, log.mask.end());
    },
    end: endLine,
    hasPrinted: () => last !== null,
  };
}
