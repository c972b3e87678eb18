import type { Json } from "@troupe/core";

/** One JSON object of a stream. */
export type JsonObject = { readonly [key: string]: Json };

/** What is longer is passed over: nothing that a turn needs comes in one line of this size. */
const MAX_LINE_BYTES: number = 8 * 1024 * 1024;
const NEWLINE = 10;

export interface JsonLines {
  /** Bytes as they come, cut anywhere. */
  write(chunk: Uint8Array): void;
  /** Takes what follows the last newline as a line. */
  end(): void;
}

/**
 * Finds the JSON objects among the lines of a stream, one per line. Lines that are something else (warnings, torn
 * objects, lines beyond `maxLineBytes`) are passed over: programs print all sorts of things between them.
 */
export function createJsonLines(
  onObject: (object: JsonObject) => void,
  maxLineBytes: number = MAX_LINE_BYTES,
): JsonLines {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const add = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes <= maxLineBytes) parts.push(part);
    else parts = [];
  };
  const endLine = (): void => {
    const object = bytes > maxLineBytes ? null : parseObject(Buffer.concat(parts).toString("utf8"));
    parts = [];
    bytes = 0;
    if (object !== null) onObject(object);
  };
  return {
    write(chunk) {
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
        add(chunk.subarray(start, at));
        endLine();
        start = at + 1;
      }
      // a copy: the chunk belongs to the stream
      if (start < chunk.length) add(chunk.slice(start));
    },
    end: endLine,
  };
}

/** Null = the text is no JSON object. */
export function parseObject(text: string): JsonObject | null {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (!trimmed.startsWith("{")) return null;
  try {
    return objectOf(JSON.parse(trimmed) as Json);
  } catch {
    return null; // torn, or no JSON after all
  }
}

/** An empty object when it is none, so that paths through missing parts end in "not there". */
export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  let found = objectOf(value ?? null) ?? {};
  for (const key of path) found = objectOf(found[key] ?? null) ?? {};
  return found;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** Null = no text, or an empty one. */
export function textOf(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Null = no amount. */
export function amountOf(value: Json | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

function objectOf(value: Json): JsonObject | null {
  return typeof value === "object" && value !== null && !isList(value) ? value : null;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
