import { performPlain } from "./arguments/perform-plain.js";
import { readPlainArguments } from "./arguments/plain-arguments.js";
import type { CliHost } from "./cli-host.js";
import { guardHost } from "./host/guarded-host.js";
import { asksForJson } from "./print/asks-for-json.js";
import { placeOf } from "./print/repeated-place.js";
import { showError } from "./print/show-error.js";

/**
 * Runs one command and resolves with its exit code: 0 done, 1 run failed, 2 usage, 3 invalid file, 4 held or busy,
 * 5 damaged state, 6 environment, 7 limit, 8 waiting for a person, 128 + n ended by a signal. Never rejects.
 */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  const isVerbose = args.includes("-v") || args.includes("--verbose");
  const guarded = guardHost(host);
  try {
    const plain = readPlainArguments(args);
    if (plain !== null) return await performPlain(plain)(guarded, plain.options);
    const { runProgram } = await import("./program.js");
    return await runProgram(args, guarded);
  } catch (error) {
    if (asksForJson(args)) {
      const { showJsonError } = await import("./print/json-error.js");
      return showJsonError(error, guarded, isVerbose, placeOf(args));
    }
    return showError(error, guarded, isVerbose, placeOf(args));
  }
}
