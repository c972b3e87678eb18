import { ERROR_CODES, type ErrorCode, type ExitCode } from "./codes.js";

const BRAND = Symbol.for("@troupe/core/TroupeError");

/** A value that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** An error as it stands in a journal or on another machine: {@link TroupeError} without stack and cause. */
export interface SerializedError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The next thing to type or to do; it works when pasted. */
  readonly hint: string | null;
  readonly details?: { readonly [key: string]: Json };
}

/** What a {@link TroupeError} may carry beside code and message. */
export interface TroupeErrorOptions {
  readonly hint?: string | null;
  readonly details?: { readonly [key: string]: Json };
  readonly cause?: unknown;
}

/**
 * The only error class of Troupe. `message` says what failed, with the value; `hint` is the next command to type.
 * Recognise it with {@link isTroupeError}, never with `instanceof`: two copies of this package may be loaded.
 */
export class TroupeError extends Error {
  override readonly name: string = "TroupeError";
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: { readonly [key: string]: Json };

  constructor(code: ErrorCode, message: string, options: TroupeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, BRAND, { value: true });
    this.code = code;
    this.hint = options.hint ?? null;
    this.details = options.details ?? {};
  }
}

/** Whether it is a {@link TroupeError}, also one of another copy of this package. */
export function isTroupeError(value: unknown): value is TroupeError {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** True for a Troupe error with one of these codes. */
export function hasCode(value: unknown, ...codes: readonly ErrorCode[]): value is TroupeError {
  return isTroupeError(value) && codes.includes(value.code);
}

/** The exit code of a command that ends with this error; 6 for anything that is not a Troupe error. */
export function exitCodeOf(value: unknown): ExitCode {
  return isTroupeError(value) ? ERROR_CODES[value.code].exitCode : ERROR_CODES.INTERNAL.exitCode;
}

/** Turns anything thrown into its journal form; what is not a Troupe error gets `fallback` as its code. */
export function serializeError(value: unknown, fallback: ErrorCode = "INTERNAL"): SerializedError {
  if (isTroupeError(value)) {
    const { code, message, hint, details } = value;
    return Object.keys(details).length === 0 ? { code, message, hint } : { code, message, hint, details };
  }
  return { code: fallback, message: value instanceof Error ? value.message : describe(value), hint: null };
}

/** Anything may be thrown, also what cannot be made a text of. */
function describe(value: unknown): string {
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
}

/** Builds the error again from its journal form. */
export function deserializeError(error: SerializedError): TroupeError {
  return new TroupeError(error.code, error.message, {
    hint: error.hint,
    ...(error.details === undefined ? {} : { details: error.details }),
  });
}

/** Marks code that the types make unreachable; coverage leaves it out by this name. */
export function unreachable(value: never): never {
  throw new TroupeError("INTERNAL", `unreachable: ${JSON.stringify(value)}`);
}
