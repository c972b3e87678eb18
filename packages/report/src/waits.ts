import { type JournalEntry, type RunEvent, type RunState, type StageId, stageOfTurn, type TurnId } from "@troupe/core";
import type { ReportWait } from "./report.js";
import { shownError } from "./report-error.js";

type Wait = { -readonly [Key in keyof ReportWait]: ReportWait[Key] } & { readonly agent: string | null };

/** Gathers the times at which stages waited. */
interface Waits {
  /** `state` is that after the entry. */
  look(state: RunState, entry: JournalEntry): void;
  list(): readonly ReportWait[];
}

export function createWaits(): Waits {
  const waits: Wait[] = [];
  const open = new Map<StageId, Wait[]>();
  const begin = (wait: Wait): void => {
    waits.push(wait);
    open.set(wait.stage, [...(open.get(wait.stage) ?? []), wait]);
  };
  const end = (stage: StageId, at: number, isOver: (wait: Wait) => boolean): void => {
    const left = (open.get(stage) ?? []).filter((wait) => {
      if (!isOver(wait)) return true;
      wait.endedAt = at;
      return false;
    });
    if (left.length > 0) open.set(stage, left);
    else open.delete(stage);
  };
  const look = (state: RunState, event: RunEvent, at: number): void => {
    switch (event.type) {
      case "turn.settled": {
        const wait = retryOf(state, event.turn, at);
        if (wait !== null) begin(wait);
        break;
      }
      case "approval.requested":
        begin({ ...event, kind: "approval", from: at, until: null, endedAt: null, error: null, agent: null });
        break;
      case "turn.started":
        // a later turn voids an approval; of several agents each ends its own wait
        end(event.stage, at, ({ agent }) => agent === null || agent === event.agent);
        break;
      case "approval.granted":
      case "approval.denied":
        end(event.stage, at, ({ kind }) => kind === "approval");
        break;
      case "stage.completed":
      case "stage.failed":
      case "stage.cancelled":
      case "stage.reset":
        end(event.stage, at, () => true);
        break;
      case "run.finished":
        // nobody tries again any more; for a person it still waits
        for (const stage of [...open.keys()]) end(stage, at, ({ kind }) => kind !== "approval");
        break;
      default:
    }
  };
  return {
    look: (state, { events, at }) => {
      for (const event of events) look(state, event, at);
    },
    list: () => waits.map(({ agent: _, ...wait }) => withoutType(wait)),
  };
}

function withoutType({ stage, turn, kind, from, until, endedAt, error }: ReportWait): ReportWait {
  return { stage, turn, kind, from, until, endedAt, error };
}

/** The wait for the next attempt at a turn that has failed; null = it is not tried again, or already is. */
function retryOf(state: RunState, turn: TurnId, at: number): Wait | null {
  const stage = stageOfTurn(turn);
  const record = state.stages.get(stage);
  if (record === undefined) return null;
  const found = [record, ...record.parts.values()].find(
    ({ last, retryAt }) => retryAt !== null && last?.turn.turn === turn,
  );
  if (found?.last?.result.status !== "failed") return null;
  const { retryAt, last } = found;
  const { retry, error } = found.last.result;
  if (retryAt === null) return null;
  return {
    stage,
    turn,
    kind: retry !== "never" && (retry.notBefore === retryAt || retry.limited === true) ? "limit" : "retry",
    from: at,
    until: retryAt,
    endedAt: null,
    error: shownError(error),
    agent: "agent" in found ? (last?.turn.agent ?? null) : null,
  };
}
