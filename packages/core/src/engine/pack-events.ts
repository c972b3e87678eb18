import type { RunEvent } from "../model/events.js";
import { stageOfTurn } from "../model/ids.js";
import type { InputDigest } from "../model/refs.js";
import { type Fields, fieldsBehind, hasOnly, isFields, leaveOut, NONE, withOthers } from "./leave-out.js";
import { packDefinition, unpackDefinition } from "./pack-definition.js";
import { packResult, unpackResult } from "./pack-result.js";
import { isPackable, packHash, unpackHash } from "./pack-text.js";

// What the absence of a field means in a packed event. Part of the format: none of it ever changes.
const STARTED = { kind: "work", round: 1, attempt: 1, agent: null, inputs: NONE, session: null } satisfies Fields;
const STARTED_KEYS = ["type", "turn", "stage", "kind", "round", "attempt", "agent", "fingerprint", "inputs", "session"];
const SETTLED_KEYS = ["type", "turn", "result"];
const COMPLETED_KEYS = ["type", "stage", "turn"];
const DIGEST = { name: null } satisfies Fields;
const DIGEST_KEYS = ["stage", "name", "sha256"];

const KNOWN_STARTED = new Set(["t", ...STARTED_KEYS]);
const KNOWN_SETTLED = new Set(["t", ...SETTLED_KEYS]);
const KNOWN_COMPLETED = new Set(["t", "turn"]);
const KNOWN_DIGEST = new Set(["stage", "name", "sha256"]);

/**
 * Events for a store that writes JSON, without what follows from the rest: fields that are as they mostly are, the stage
 * that a turn names, the hash of a text that is there. A packed event has `t` in place of `type`; one with nothing to
 * leave out stays as it is. Null = that holds for all of them. See {@link unpackEvents}.
 */
export function packEvents(events: readonly RunEvent[]): readonly unknown[] | null {
  let isPacked = false;
  const stored: unknown[] = [];
  for (const event of events) {
    const packed = packEvent(event);
    if (packed !== null) isPacked = true;
    stored.push(packed ?? event);
  }
  return isPacked ? stored : null;
}

/** The events that {@link packEvents} was given, as the same JSON; what is not packed stays as it is. */
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
    case "turn.settled":
      return packSettled(event);
    case "stage.completed":
    case "stage.failed":
    case "review.concluded":
    case "approval.requested":
      return withoutStage(event);
    default:
      return null;
  }
}

// What there is most of is taken apart and put together field by field: copying objects takes several times as long.

function packSettled(event: Extract<RunEvent, { readonly type: "turn.settled" }>): Fields | null {
  const others = fieldsBehind(event, SETTLED_KEYS);
  const result = others === null ? null : packResult(event.result);
  if (result === null) return null;
  const packed = { t: event.type, turn: event.turn, result };
  return others === 0 ? packed : withOthers(packed, { ...event }, KNOWN_SETTLED);
}

function unpackEvent(packed: Fields): Fields {
  const { t: type, turn } = packed;
  switch (type) {
    case "turn.started":
      return unpackStarted(packed);
    case "turn.settled":
      return withOthers({ type, turn, result: unpackResult(packed.result) }, packed, KNOWN_SETTLED);
    case "run.created":
    case "run.reconfigured": {
      const { t, definition, ...rest } = packed;
      return { type: t, ...rest, definition: isFields(definition) ? unpackDefinition(definition) : definition };
    }
    default: {
      if (hasOnly(packed, KNOWN_COMPLETED)) return { type, stage: stageOf(turn), turn };
      const { t: _, ...rest } = packed;
      return { type, stage: stageOf(turn), ...rest };
    }
  }
}

function withoutStage(event: Extract<RunEvent, { readonly stage: string }>): Fields | null {
  if (event.type === "stage.completed" && event.turn !== null && fieldsBehind(event, COMPLETED_KEYS) === 0) {
    return stageOfTurn(event.turn) === event.stage ? { t: event.type, turn: event.turn } : null;
  }
  const { type, stage, ...rest } = event;
  const turn = "turn" in rest ? rest.turn : null;
  const isNamed = turn !== null && stageOfTurn(turn) === stage && Object.keys(event)[1] === "stage";
  return isNamed ? { t: type, ...rest } : null;
}

function packStarted(event: Extract<RunEvent, { readonly type: "turn.started" }>): Fields | null {
  const others = fieldsBehind(event, STARTED_KEYS);
  const { turn, stage, kind, round, attempt, agent, fingerprint, inputs, session } = event;
  if (others === null || stageOfTurn(turn) !== stage || !isPackable(fingerprint)) return null;
  const packed: Record<string, unknown> = { t: event.type, turn };
  if (kind !== STARTED.kind) packed.kind = kind;
  if (round !== STARTED.round) packed.round = round;
  if (attempt !== STARTED.attempt) packed.attempt = attempt;
  if (agent !== STARTED.agent) packed.agent = agent;
  packed.fingerprint = packHash(fingerprint);
  if (inputs.length > 0) {
    const digests = inputs.map(packDigest);
    if (digests.includes(null)) return null;
    packed.inputs = digests;
  }
  if (session !== STARTED.session) packed.session = session;
  return others === 0 ? packed : withOthers(packed, { ...event }, KNOWN_STARTED);
}

function packDigest(input: InputDigest): Fields | null {
  const { stage, name, sha256 } = input;
  if (!isPackable(sha256)) return null;
  const hash = packHash(sha256);
  if (fieldsBehind(input, DIGEST_KEYS) === 0) {
    return name === DIGEST.name ? { stage, sha256: hash } : { stage, name, sha256: hash };
  }
  const packed = leaveOut(input, ["stage", "name"], DIGEST);
  if (packed !== null) packed.sha256 = hash;
  return packed;
}

function unpackStarted(packed: Fields): Fields {
  const { t: type, turn, inputs } = packed;
  const started = {
    type,
    turn,
    stage: stageOf(turn),
    kind: packed.kind ?? STARTED.kind,
    round: packed.round ?? STARTED.round,
    attempt: packed.attempt ?? STARTED.attempt,
    agent: packed.agent ?? STARTED.agent,
    fingerprint: unpackHash(packed.fingerprint),
    inputs: Array.isArray(inputs) ? inputs.map(unpackDigest) : NONE,
    session: packed.session ?? STARTED.session,
  };
  return withOthers(started, packed, KNOWN_STARTED);
}

function unpackDigest(packed: Fields): Fields {
  if (hasOnly(packed, KNOWN_DIGEST)) {
    return { stage: packed.stage, name: packed.name ?? DIGEST.name, sha256: unpackHash(packed.sha256) };
  }
  const { stage, name = DIGEST.name, ...rest } = packed;
  return { stage, name, ...rest, sha256: unpackHash(rest.sha256) };
}

function stageOf(turn: unknown): string {
  return stageOfTurn(String(turn));
}
