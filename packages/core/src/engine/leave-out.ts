/** A JSON object of which only the keys are known. */
export type Fields = Readonly<Record<string, unknown>>;

/** Shared by all that is unpacked: events are never changed. */
export const NONE: readonly never[] = Object.freeze([]);

/**
 * The fields that say something else than their absence will, in an object of one's own. Null unless the object begins
 * with the fields of `first` in their order, which is how it is put together again: every reader gets the very same JSON.
 */
export function leaveOut(value: unknown, first: readonly string[], absent: Fields): Record<string, unknown> | null {
  if (!isFields(value) || fieldsBehind(value, first) === null) return null;
  const kept: Record<string, unknown> = {};
  for (const key in value) {
    const field = value[key];
    if (!(Object.hasOwn(absent, key) && isSame(field, absent[key]))) kept[key] = field;
  }
  return kept;
}

/**
 * How many fields follow those of `first`; null unless it is an object that begins with them in their order. Asked of all
 * that is written: it makes nothing.
 */
export function fieldsBehind(value: unknown, first: readonly string[]): number | null {
  if (!isFields(value)) return null;
  let count = 0;
  for (const key in value) {
    if (count < first.length && (key !== first[count] || value[key] === undefined)) return null;
    count += 1;
  }
  return count < first.length ? null : count - first.length;
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
