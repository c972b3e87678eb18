import type { Json } from "@troupe/core";
import { parseObject } from "./json-lines.js";

/** The object that was asked for by a schema: given apart, or as the whole text of the answer. Null = there is none. */
export function schemaResult(structured: Json | undefined, text: string | null): Json | null {
  return structured ?? (text === null ? null : parseObject(text));
}
