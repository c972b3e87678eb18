/**
 * What a record has under a name that somebody chose: `constructor` and `toString` are names too, and are not what every
 * object has of itself.
 */
export function ownValue<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
