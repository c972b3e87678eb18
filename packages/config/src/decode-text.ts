import type { Diagnostic } from "./diagnostic.js";

/** A text, or null with the one diagnostic that says why the bytes are none. */
export interface DecodedText {
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Largest file that is read, in bytes. */
export const MAX_FILE_BYTES: number = 1024 * 1024;

/**
 * The text of a UTF-8 file, without its byte order mark. UTF-16, bytes that are not UTF-8, NUL characters and more than
 * {@link MAX_FILE_BYTES} are refused with their place; nothing is ever replaced.
 */
export function decodeText(bytes: Uint8Array, fileName: string): DecodedText {
  if (bytes.length > MAX_FILE_BYTES) return refuse(fileName, TOO_LARGE, "Split it.");
  if (isUtf16(bytes)) return refuse(fileName, "the file is UTF-16", "Save it as UTF-8.");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const problem = textProblem(text, fileName);
    return problem === null ? { text, diagnostics: [] } : { text: null, diagnostics: [problem] };
  } catch {
    // the decoder does not say where: the first replacement character of a lenient one that the bytes do not hold
    const { line, column } = firstInvalid(bytes);
    return refuse(fileName, "the file is not UTF-8", "Save it as UTF-8.", line, column);
  }
}

/** By its byte order mark, or by a zero beside each of the first two letters. */
function isUtf16([first, second, third, fourth]: Uint8Array): boolean {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if (first === undefined || second === undefined) return false;
  const isBig = first === 0 && third === 0 && second > 0;
  return isBig || (second === 0 && fourth === 0 && first > 0);
}

/** Why a text cannot be taken: too large, a control character, half a surrogate pair; null = nothing of this. */
export function textProblem(text: string, fileName: string): Diagnostic | null {
  if (text.length > MAX_FILE_BYTES || Buffer.byteLength(text, "utf8") > MAX_FILE_BYTES) {
    return refusal(fileName, TOO_LARGE, "Split it.");
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    const { line, column } = placeAtEnd(text.slice(0, nul));
    return refusal(fileName, "the file has a NUL character", "Remove it, or save the file as UTF-8.", line, column);
  }
  const control = CONTROL.exec(text);
  if (control !== null) {
    const { line, column } = placeAtEnd(text.slice(0, control.index));
    const name = `U+${(control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    return refusal(fileName, `the file has a control character (${name})`, "Remove it.", line, column);
  }
  if (!text.isWellFormed()) {
    const { line, column } = placeAtEnd(text.slice(0, /\p{Surrogate}/u.exec(text)?.index ?? 0));
    return refusal(fileName, "the text has half of a character (a lone surrogate)", "Remove it.", line, column);
  }
  return null;
}

/**
 * All but tab, line ends and NUL: they would vanish on the way to a terminal or an agent, and take text with them. Written
 * out, because asking for a set of Unicode takes longer than looking through a file.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

const TOO_LARGE = "the file is larger than 1 MiB";

/** Valid prefix by bisection: UTF-8 cut at any byte is valid up to an incomplete last character. */
function firstInvalid(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isValidStart(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return placeAtEnd(new TextDecoder("utf-8").decode(bytes.subarray(0, low)).replace(/\u{fffd}$/u, ""));
}

function isValidStart(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false; // the question was whether it throws
  }
}

function placeAtEnd(before: string): { readonly line: number; readonly column: number } {
  const lines = before.split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function refuse(fileName: string, message: string, hint: string, line = 1, column = 1): DecodedText {
  return { text: null, diagnostics: [refusal(fileName, message, hint, line, column)] };
}

function refusal(file: string, message: string, hint: string, line = 1, column = 1): Diagnostic {
  return {
    severity: "error",
    code: "CONFIG_INVALID",
    message,
    file,
    line,
    column,
    endLine: null,
    endColumn: null,
    hint,
  };
}
