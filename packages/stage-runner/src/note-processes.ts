import { type Clock, hasCode, type Logger, type TurnId } from "@troupe/core";
import { noteProcess, readStartTime, type StartedProcess } from "@troupe/process";
import { AGAIN_MS } from "./while-full.js";

/** Notes of a turn's processes, by which a takeover finds them. */
export interface ProcessNotes {
  /**
   * Notes a process before it returns; when it started is asked for unless given. Without space for it the process goes on, found by its marker alone, and the
   * note is tried again every 5 s. Throws `STORE_FAILED`.
   */
  add(pid: number, startTime: number | null): void;
  /** Resolves when nothing is tried any more; from then on nothing is written. */
  close(): Promise<void>;
}

interface NotesContext {
  /** The run's folder. */
  readonly folder: string;
  readonly turn: TurnId;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createProcessNotes({ folder, turn, clock, logger }: NotesContext): ProcessNotes {
  const closed = new AbortController();
  let missing: readonly StartedProcess[] = [];
  let retrying: Promise<void> | null = null;

  const retry = async (): Promise<void> => {
    logger.warn(`no space left to note the processes of ${turn}; trying again until there is`);
    while (missing.length > 0) {
      await clock.wait(AGAIN_MS, closed.signal);
      if (closed.signal.aborted) return;
      missing = missing.filter((process) => !isSettled(process));
    }
    retrying = null;
  };
  /** True once there is nothing left to try. */
  const isSettled = (process: StartedProcess): boolean => {
    try {
      noteProcess(folder, process);
      logger.info(`${turn}: the process ${process.pid} is noted now`);
      return true;
    } catch (error) {
      if (hasCode(error, "STORE_FULL")) return false;
      // the turn has gone on without the note so far
      logger.warn(error instanceof Error ? error.message : String(error));
      return true;
    }
  };
  return {
    add(pid, startTime) {
      // read now: by the time of another try the pid may be a stranger's
      const process = { turn, pid, startTime: startTime ?? readStartTime(pid) };
      try {
        noteProcess(folder, process);
      } catch (error) {
        if (!hasCode(error, "STORE_FULL")) throw error;
        missing = [...missing, process];
        retrying ??= retry();
      }
    },
    async close() {
      closed.abort("over");
      await retrying;
    },
  };
}
