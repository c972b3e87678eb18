/** A JSON object of which only the keys are known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Shared by all that is unpacked: events are never changed. */
export const NONE: readonly never[] = Object.freeze([]);

/**
 * The fields that say something else than their absence will. Null unless the object begins with the fields of `first`
 * in their order, which is how it is put together again: every reader gets the very same JSON.
 */
export function leaveOut(value: Fields, first: readonly string[], absent: Fields): Fields | null {
  const keys = Object.keys(value);
  if (!first.every((key, index) => keys[index] === key && value[key] !== undefined)) return null;
  const kept: Record<string, unknown> = {};
  for (const key of keys) {
    const field = value[key];
    if (!(Object.hasOwn(absent, key) && isSame(field, absent[key]))) kept[key] = field;
  }
  return kept;
}

function isSame(field: unknown, absent: unknown): boolean {
  if (field === absent) return true;
  if (typeof field !== "object" || typeof absent !== "object" || field === null || absent === null) return false;
  if (Array.isArray(absent)) return Array.isArray(field) && field.length === 0; // no other list is ever left out
  return JSON.stringify(field) === JSON.stringify(absent);
}

/** `value` with the fields of `packed` that are not among `known`: optional ones, or ones of a later version. */
export function withOthers(value: Fields, packed: Fields, known: ReadonlySet<string>): Fields {
  let others: Record<string, unknown> | null = null;
  for (const key in packed) {
    if (known.has(key)) continue;
    others ??= {};
    others[key] = packed[key];
  }
  return others === null ? value : { ...value, ...others };
}

/** Whether all its fields are among `known`. */
export function hasOnly(value: Fields, known: ReadonlySet<string>): boolean {
  for (const key in value) if (!known.has(key)) return false;
  return true;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
