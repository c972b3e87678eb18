import type { TurnResult } from "../model/turn.js";
import { type Fields, isFields, leaveOut, NONE, withOthers } from "./leave-out.js";
import { packText, unpackText } from "./pack-text.js";

// What the absence of a field means in a packed result. Part of the format: none of it ever changes.
const END = { usage: null, session: null, log: null } satisfies Fields;
const ABSENT: Readonly<Record<TurnResult["status"], Fields>> = {
  succeeded: { artifacts: NONE, ...END },
  failed: { output: null, ...END },
  interrupted: END,
};
/** What every result has, in the order in which journals have it. */
const KEYS: Readonly<Record<TurnResult["status"], readonly string[]>> = {
  succeeded: ["status", "output", "artifacts", "usage", "session", "log"],
  failed: ["status", "error", "retry", "output", "usage", "session", "log"],
  interrupted: ["status", "reason", "usage", "session", "log"],
};

const KNOWN: Readonly<Record<TurnResult["status"], ReadonlySet<string>>> = {
  succeeded: new Set(KEYS.succeeded),
  failed: new Set(KEYS.failed),
  interrupted: new Set(KEYS.interrupted),
};

/** The result with its fields in the order in which journals have them, whatever made it. */
export function inJournalOrder(result: TurnResult): TurnResult {
  switch (result.status) {
    case "succeeded": {
      const { status, output, artifacts, usage, session, log, ...others } = result;
      return { status, output, artifacts, usage, session, log, ...others };
    }
    case "failed": {
      const { status, error, retry, output, usage, session, log, ...others } = result;
      return { status, error, retry, output, usage, session, log, ...others };
    }
    default: {
      const { status, reason, usage, session, log, ...others } = result;
      return { status, reason, usage, session, log, ...others };
    }
  }
}

/** Without what follows from the rest; null when the same JSON could not be made of that. */
export function packResult(result: TurnResult): Fields | null {
  const packed = leaveOut(result, KEYS[result.status], ABSENT[result.status]);
  if (packed?.output !== undefined) packed.output = packText(packed.output);
  return packed;
}

/** Undoes {@link packResult}. */
export function unpackResult(packed: unknown): unknown {
  if (!isFields(packed)) return packed;
  const { status, usage = null, session = null, log = null } = packed;
  switch (status) {
    case "succeeded": {
      const { output, artifacts = NONE } = packed;
      return withOthers(
        { status, output: unpackText(output), artifacts, usage, session, log },
        packed,
        KNOWN.succeeded,
      );
    }
    case "failed": {
      const { error, retry, output = null } = packed;
      const failed = { status, error, retry, output: unpackText(output), usage, session, log };
      return withOthers(failed, packed, KNOWN.failed);
    }
    default:
      return withOthers({ status, reason: packed.reason, usage, session, log }, packed, KNOWN.interrupted);
  }
}
