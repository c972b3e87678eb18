import { isTroupeError, sanitizeText } from "@troupe/core";
import { agentKit } from "./agent-kit.js";
import { type KitKind, readArguments, USAGE } from "./arguments.js";
import { executorKit } from "./executor-kit.js";
import type { KitRequest, PreparedCase } from "./kit.js";
import { reporterKit } from "./reporter-kit.js";
import { runCases } from "./run-cases.js";
import { storeKit } from "./store-kit.js";

/** Where the command writes, and how it can start itself again. */
export interface CommandHost {
  stdout(text: string): void;
  stderr(text: string): void;
  /** An argv that, followed by a job of {@link CHILD_JOBS}, does that job. */
  readonly self: readonly string[];
}

const KITS: Readonly<Record<KitKind, (request: KitRequest) => Promise<readonly PreparedCase[]>>> = {
  store: storeKit,
  executor: executorKit,
  agent: agentKit,
  reporter: reporterKit,
};

/** Performs the command; resolves with its exit code. */
export async function runCommand(argv: readonly string[], host: CommandHost): Promise<0 | 1 | 2> {
  try {
    const args = readArguments(argv);
    if (args === null) {
      host.stdout(USAGE);
      return 0;
    }
    const { kind, module, options, only } = args;
    const all = await KITS[kind]({ module, options, self: host.self });
    const cases = all.filter(({ name }) => name.includes(only));
    if (cases.length === 0) {
      host.stderr(`error: no case of the ${kind} kit has "${only}" in its name [USAGE]\n`);
      return 2;
    }
    return (await runCases(cases, host.stdout)) === 0 ? 0 : 1;
  } catch (error) {
    host.stderr(describe(error));
    return 2;
  }
}

function describe(error: unknown): string {
  if (!isTroupeError(error)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `error: ${sanitizeText(text)} [INTERNAL]\n`;
  }
  const hint = error.hint === null ? "" : `hint: ${sanitizeText(error.hint)}\n`;
  return `error: ${sanitizeText(error.message)} [${error.code}]\n${hint}`;
}
