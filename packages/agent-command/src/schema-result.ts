import { type Json, MAX_REASON_CHARACTERS, MAX_REASONS, type Verdict } from "@troupe/core";
import { listOf, objectAt, parseObject } from "./json-lines.js";

/** The object that was asked for by a schema: given apart, or as the whole text of the answer. Null = there is none. */
export function schemaResult(structured: Json | undefined, text: string | null): Json | null {
  return structured ?? (text === null ? null : parseObject(text));
}

/** The verdict in such an object; null = it is of another kind. */
export function verdictIn(result: Json | null): Verdict | null {
  const { verdict, reasons } = objectAt(result ?? undefined);
  const texts = listOf(reasons).filter((reason) => typeof reason === "string");
  if ((verdict !== "approved" && verdict !== "rejected") || texts.length !== listOf(reasons).length) return null;
  if (!Array.isArray(reasons)) return null;
  const capped = texts.slice(0, MAX_REASONS).map((reason) => reason.slice(0, MAX_REASON_CHARACTERS));
  return { decision: verdict, reasons: capped, source: "schema" };
}
