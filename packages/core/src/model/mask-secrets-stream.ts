import { at0, type SecretAutomaton } from "./mask-secrets-automaton.js";

/** Masks bytes that come in pieces; a secret may lie in several. */
export interface MaskStream {
  /** What is certain by now; only what may be the beginning of a secret is kept back. */
  push(chunk: Uint8Array): Uint8Array;
  /** The rest; the stream begins anew. */
  end(): Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** A part of the bytes at hand that shows a secret. */
interface Found {
  start: number;
  end: number;
  /** null = its label has been given out already. */
  label: Uint8Array | null;
}

/** `labels`: what stands for each secret. Keeps back fewer bytes than the longest pattern has, whatever comes. */
export function createMaskStream(automaton: SecretAutomaton, labels: readonly string[]): MaskStream {
  const { classes, classCount, next, depth, matched, secret } = automaton;
  const encoder = new TextEncoder();
  let state = 0;
  let held = NOTHING;
  /** In order, none touching another's bytes. */
  let found: Found[] = [];

  const add = (start: number, end: number, label: Uint8Array): void => {
    let from = start;
    let first = label;
    // what overlaps is one: of two secrets that share bytes no end is left over
    for (let last = found.at(-1); last !== undefined && last.end > from; last = found.at(-1)) {
      from = Math.min(from, last.start);
      if (last.label === null) {
        last.end = end;
        return;
      }
      if (last.end - last.start >= end - start) first = last.label;
      found.pop();
    }
    found.push({ start: from, end, label: first });
  };
  const scan = (bytes: Uint8Array, from: number): void => {
    let at = state;
    let end = from;
    for (const byte of bytes.subarray(from)) {
      at = at0(next, at * classCount + at0(classes, byte));
      end += 1;
      const length = at0(matched, at);
      if (length > 0) add(end - length, end, encoder.encode(labels[at0(secret, at)]));
    }
    state = at;
  };
  /** Gives out what lies before `limit`; a part that goes beyond is given out as its label at once. */
  const release = (bytes: Uint8Array, limit: number): Uint8Array => {
    const parts: Uint8Array[] = [];
    const rest: Found[] = [];
    let at = 0;
    for (const one of found) {
      if (one.start >= limit) {
        rest.push({ ...one, start: one.start - limit, end: one.end - limit });
        continue;
      }
      parts.push(bytes.subarray(at, one.start));
      if (one.label !== null) parts.push(one.label);
      at = Math.min(one.end, limit);
      if (one.end > limit) rest.push({ start: 0, end: one.end - limit, label: null });
    }
    parts.push(bytes.subarray(at, Math.max(at, limit)));
    held = bytes.slice(limit);
    found = rest;
    return concat(parts);
  };
  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : concat([held, chunk]);
      scan(bytes, held.length);
      const limit = bytes.length - at0(depth, state);
      if (limit === bytes.length && found.length === 0) {
        held = NOTHING;
        return bytes;
      }
      return release(bytes, limit);
    },
    end() {
      const rest = release(held, held.length);
      state = 0;
      return rest;
    },
  };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
