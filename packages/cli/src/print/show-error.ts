import { exitCodeOf, isTroupeError, sanitizeText } from "@troupe/core";
import type { CliHost } from "../cli-host.js";
import { type Place, repeatPlace } from "./repeated-place.js";

/** Prints what failed and what to do next; returns the exit code. A mistake of our own shows where it happened. */
export function showError(
  error: unknown,
  host: Pick<CliHost, "stderr">,
  isVerbose: boolean,
  place: Place = {},
): number {
  if (isTroupeError(error)) {
    host.stderr.write(`error: ${sanitizeText(error.message)} [${error.code}]\n`);
    if (error.hint !== null) host.stderr.write(`hint: ${sanitizeText(repeatPlace(error.hint, place))}\n`);
    if (isVerbose && error.cause instanceof Error)
      host.stderr.write(`${sanitizeText(error.cause.stack ?? error.cause.message)}\n`);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    host.stderr.write(
      `error: troupe itself failed [INTERNAL]\n${sanitizeText(text)}\nhint: If a run was started, its state is safe: ${repeatPlace("troupe list", place)}\n`,
    );
  }
  return exitCodeOf(error);
}
