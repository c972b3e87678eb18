import {
  type EventOf,
  type InterruptReason,
  limitWord,
  type Owner,
  type ResetCause,
  type RunDefinition,
  type RunEvent,
  type RunState,
} from "@troupe/core";
import type { ReportIncident } from "./report.js";

/** Gathers what happened to a run beside its turns. */
interface Incidents {
  /** `before` is the state without the event; null before the first. */
  tell(event: RunEvent, at: number, before: RunState | null): void;
  list(): readonly ReportIncident[];
}

const INTERRUPTED: Readonly<Record<InterruptReason, string>> = {
  crashed: "its runner died",
  stopped: "the run was stopped",
  limit: "a limit of the run was reached",
  cancelled: "the run was cancelled",
  "fail-fast": "another stage of its group failed",
  "claim-lost": "another process took the run over",
};

const RESET: Readonly<Record<ResetCause, string>> = {
  failed: "it had failed",
  cancelled: "it had been cancelled",
  changed: "its definition was edited",
  upstream: "something before it runs again",
  forced: "a person asked for it",
};

/** Why a turn was interrupted, in words. */
export function reasonOf(reason: InterruptReason): string {
  return INTERRUPTED[reason];
}

export function createIncidents(): Incidents {
  const list: ReportIncident[] = [];
  return {
    tell(event, at, before) {
      list.push(...incidentsOf(event, at, before));
    },
    list: () => list,
  };
}

function incidentsOf(event: RunEvent, at: number, before: RunState | null): readonly ReportIncident[] {
  const one = (type: ReportIncident["type"], text: string, stage: string | null = null): readonly ReportIncident[] => [
    { at, type, stage, text },
  ];
  switch (event.type) {
    case "run.claimed":
      return claimed(event, at, before);
    case "run.finished":
      return one(
        "ended",
        `the run ended as ${event.outcome}${event.limit === null ? "" : `: limit of ${limitWord(event.limit)}`}`,
      );
    case "run.stop-requested":
      return one("stop-requested", `a stop was asked for by ${event.by}`);
    case "run.cancel-requested":
      return one(
        "cancel-requested",
        `a cancel was asked for by ${event.by}${event.message === null ? "" : `: ${event.message}`}`,
      );
    case "run.reconfigured":
      return one("reconfigured", describeEdit(before?.definition ?? event.definition, event.definition));
    case "stage.reset":
      return one("reset", `${event.stage} starts anew: ${RESET[event.cause]}`, event.stage);
    case "limit.neared":
      return one("limit-neared", `most of the limit of ${limitWord(event.limit)} is used`);
    case "turn.settled": {
      if (event.result.status !== "interrupted") return [];
      const stage = event.turn.slice(0, event.turn.lastIndexOf("."));
      return one("interrupted", `${event.turn} was interrupted: ${INTERRUPTED[event.result.reason]}`, stage);
    }
    default:
      return [];
  }
}

function claimed(event: EventOf<"run.claimed">, at: number, before: RunState | null): readonly ReportIncident[] {
  const who = `${processOf(event.owner)} (${event.owner.command})`;
  if (before === null || before.epoch === 0) return [{ at, type: "started", stage: null, text: `${who} began` }];
  const resumed: ReportIncident = { at, type: "resumed", stage: null, text: `${who} went on` };
  if (before.status !== "running" || before.owner === null) return [resumed];
  const seen = Math.min(at, Math.max(before.updatedAt, event.previousSeenAt ?? 0));
  return [{ at: seen, type: "died", stage: null, text: `${processOf(before.owner)} was last seen` }, resumed];
}

/** `process 123 on host`. */
export function processOf({ pid, host }: Pick<Owner, "pid" | "host">): string {
  return `process ${pid} on ${host}`;
}

function describeEdit(before: RunDefinition, after: RunDefinition): string {
  const [old, now] = [before.fingerprints, after.fingerprints].map((prints) => new Map(Object.entries(prints)));
  if (old === undefined || now === undefined) return "edited files were adopted";
  const parts = [
    name(
      "changed",
      [...now].filter(([id, print]) => old.has(id) && old.get(id) !== print),
    ),
    name(
      "new",
      [...now].filter(([id]) => !old.has(id)),
    ),
    name(
      "gone",
      [...old].filter(([id]) => !now.has(id)),
    ),
  ].filter((part) => part !== null);
  return `edited files or other limits were adopted${parts.length === 0 ? "" : `: ${parts.join("; ")}`}`;
}

function name(what: string, stages: readonly (readonly [string, string])[]): string | null {
  return stages.length === 0 ? null : `${what}: ${stages.map(([id]) => id).join(", ")}`;
}
