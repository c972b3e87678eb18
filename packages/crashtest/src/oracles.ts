import { isTroupeError } from "@troupe/core";
import { outcomeProblems } from "./oracles-outcome.js";
import { planProblems } from "./oracles-plan.js";
import { turnProblems } from "./oracles-turns.js";
import type { Ledger } from "./simulated/ledger.js";
import type { PerformedCase } from "./simulated/perform-case.js";
import type { RunRecord } from "./simulated/run-record.js";
import type { SimulatedProcess } from "./simulated/simulated-process.js";

/** What the oracles found in one case. */
export interface Judgement {
  /** Finished stages of which a turn was performed again. */
  readonly rerunStages: number;
  /** Acknowledged entries, outputs, artifacts and logs that are not there or not the same. */
  readonly lostOutputs: number;
  readonly processesLeft: number;
  readonly violations: readonly string[];
}

/** Holds a case against the uninterrupted run: what was promised and is not so, in sentences. */
export function judgeCase(performed: PerformedCase, uninterrupted: RunRecord): Judgement {
  const { world, record, problems } = performed;
  const running = [...world.ledger.running];
  const rerun = turnProblems(performed);
  const lost = record === null ? ["the run is lost"] : outcomeProblems(performed, record, uninterrupted);
  const left = running.map(({ task }) => `${task.turn} is still being performed`);
  const stray = world.machine.outside.map((call) => `something was written outside the run: ${call}`);
  return {
    rerunStages: rerun.filter(({ isFinished }) => isFinished).length,
    lostOutputs: lost.length,
    processesLeft: running.length,
    violations: [
      ...problems,
      ...rerun.map(({ problem }) => problem),
      ...lost,
      ...left,
      ...stray,
      ...planProblems(performed),
      ...endProblems(performed),
    ],
  };
}

/** A process that does not bring the run to its end says why: with a code, in one line; a fenced one with `CLAIM_LOST`. */
function endProblems({ generations, world, isChangedByWoken }: PerformedCase): readonly string[] {
  const problems = generations.flatMap(({ process, error }) => {
    if (error === null) return [];
    if (!isTroupeError(error)) return [`a process ended with an error that has no code: ${String(error)}`];
    if (error.message.includes("\n") || error.hint === null)
      return [`${error.code} has no hint, or more than one line`];
    const isFenced = wasTakenOver(world.ledger, process) && error.code !== "CLAIM_LOST";
    return isFenced ? [`a holder whose run was taken over ended with ${error.code}: ${error.message}`] : [];
  });
  if (isChangedByWoken) problems.push("a stopped holder that woke changed the journal of a finished run");
  return problems;
}

/** The process had claimed the run, and another one has since. */
function wasTakenOver({ acknowledged }: Ledger, { owner }: SimulatedProcess): boolean {
  const claims = acknowledged.flatMap(({ entry }) => entry.events.filter((event) => event.type === "run.claimed"));
  const own = claims.find((claim) => claim.owner.startTime === owner.startTime);
  return own !== undefined && claims.some(({ epoch }) => epoch > own.epoch);
}
