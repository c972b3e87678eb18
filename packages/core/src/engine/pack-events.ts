import type { RunEvent } from "../model/events.js";
import { stageOfTurn } from "../model/ids.js";
import type { InputDigest } from "../model/refs.js";
import type { TurnResult } from "../model/turn.js";
import { type Fields, isFields, leaveOut, NONE, withOthers } from "./leave-out.js";
import { packDefinition, unpackDefinition } from "./pack-definition.js";
import { isPackable, packHash, packText, unpackHash, unpackText } from "./pack-text.js";

// What the absence of a field means in a packed event. Part of the format: none of it ever changes.
const STARTED = { kind: "work", round: 1, attempt: 1, agent: null, inputs: NONE, session: null } satisfies Fields;
const DIGEST = { name: null } satisfies Fields;
const RESULTS: Readonly<Record<TurnResult["status"], Fields>> = {
  succeeded: { artifacts: NONE, log: null, usage: null, session: null },
  failed: { output: null, log: null, usage: null, session: null },
  interrupted: { log: null, usage: null, session: null },
};

/**
 * Events for a store that writes JSON, without what follows from the rest: fields that are as they mostly are, the stage
 * that a turn names, the hash of a text that is there. A packed event has `t` in place of `type`; one with nothing to
 * leave out stays as it is. Null = that holds for all of them. See {@link unpackEvents}.
 */
export function packEvents(events: readonly RunEvent[]): readonly unknown[] | null {
  const packed = events.map((event) => packEvent(event) ?? event);
  return packed.some((event, index) => event !== events[index]) ? packed : null;
}

/** The events that {@link packEvents} was given, as equal JSON; what is not packed stays as it is. */
export function unpackEvents(packed: readonly unknown[]): readonly RunEvent[] {
  // What they mean is the engine's matter; whoever stored them vouches for their bytes.
  return packed.map((event) =>
    isFields(event) && typeof event.t === "string" ? unpackEvent(event) : event,
  ) as RunEvent[];
}

function packEvent(event: RunEvent): Fields | null {
  switch (event.type) {
    case "run.created":
    case "run.reconfigured": {
      const { type, definition, ...rest } = event;
      const packed = packDefinition(definition);
      return packed === null ? null : { t: type, ...rest, definition: packed };
    }
    case "turn.started":
      return packStarted(event);
    case "turn.settled": {
      const { type, result, ...rest } = event;
      const packed = packResult(result);
      return packed === null ? null : { t: type, ...rest, result: packed };
    }
    case "stage.completed":
    case "stage.failed":
    case "review.concluded":
    case "approval.requested":
      return withoutStage(event);
    default:
      return null;
  }
}

function unpackEvent(packed: Fields): Fields {
  const { t: type, turn } = packed;
  switch (type) {
    case "turn.started":
      return unpackStarted(packed);
    case "turn.settled":
      return others({ type, turn, result: unpackResult(packed.result) }, packed);
    case "run.created":
    case "run.reconfigured": {
      const { t, definition, ...rest } = packed;
      return { type: t, ...rest, definition: isFields(definition) ? unpackDefinition(definition) : definition };
    }
    default:
      return others({ type, stage: stageOf(turn), turn }, packed);
  }
}

function others(event: Fields, packed: Fields): Fields {
  const { t: _, ...all } = packed;
  return withOthers(event, all);
}

function withoutStage(event: Extract<RunEvent, { readonly stage: string }>): Fields | null {
  const { type, stage, ...rest } = event;
  const turn = "turn" in rest ? rest.turn : null;
  return turn !== null && stageOfTurn(turn) === stage ? { t: type, ...rest } : null;
}

function packStarted(event: Extract<RunEvent, { readonly type: "turn.started" }>): Fields | null {
  const { type, stage, fingerprint, inputs, ...rest } = event;
  if (!Array.isArray(inputs)) return null;
  const hashes = [fingerprint, ...inputs.map(({ sha256 }) => sha256)];
  if (stageOfTurn(event.turn) !== stage || !hashes.every(isPackable)) return null;
  const digests = inputs.map((input) => packDigest(input));
  const packed = leaveOut({ ...rest, inputs: digests }, STARTED);
  if (packed === null || digests.includes(null)) return null;
  return { t: type, ...packed, fingerprint: packHash(fingerprint) };
}

function packDigest(input: InputDigest): Fields | null {
  const packed = leaveOut({ ...input }, DIGEST);
  return packed === null ? null : { ...packed, sha256: packHash(input.sha256) };
}

function unpackStarted(packed: Fields): Fields {
  const { t: type, turn, inputs, ...rest } = packed;
  const started = {
    type,
    turn,
    stage: stageOf(turn),
    kind: rest.kind ?? STARTED.kind,
    round: rest.round ?? STARTED.round,
    attempt: rest.attempt ?? STARTED.attempt,
    agent: rest.agent ?? STARTED.agent,
    fingerprint: unpackHash(rest.fingerprint),
    inputs: Array.isArray(inputs) ? inputs.map(unpackDigest) : NONE,
    session: rest.session ?? STARTED.session,
  };
  return withOthers(started, rest);
}

function unpackDigest(packed: Fields): Fields {
  const { stage, name, sha256 } = packed;
  return withOthers({ stage, name: name ?? DIGEST.name, sha256: unpackHash(sha256) }, packed);
}

function packResult(result: TurnResult): Fields | null {
  const packed = leaveOut({ ...result }, RESULTS[result.status]);
  return packed?.output === undefined ? packed : { ...packed, output: packText(packed.output) };
}

function unpackResult(packed: unknown): unknown {
  if (!isFields(packed)) return packed;
  const { status } = packed;
  const ends = { usage: packed.usage ?? null, session: packed.session ?? null, log: packed.log ?? null };
  switch (status) {
    case "succeeded": {
      const { artifacts = NONE } = packed;
      return withOthers({ status, output: unpackText(packed.output), artifacts, ...ends }, packed);
    }
    case "failed":
      return withOthers({ status, output: unpackText(packed.output ?? null), ...ends }, packed);
    default:
      return withOthers({ status, ...ends }, packed);
  }
}

function stageOf(turn: unknown): string {
  return stageOfTurn(String(turn));
}
