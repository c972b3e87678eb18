import type { CommandOutputs } from "./command-outputs.js";

/** Outputs of commands that have a JSON Schema; written out, for the arguments of `schema` are read before anything else. */
export const OUTPUT_NAMES: readonly (keyof CommandOutputs)[] = [
  "agents",
  "answer",
  "artifact",
  "artifacts",
  "clean",
  "config",
  "doctor",
  "dry-run",
  "error",
  "events",
  "graph",
  "import",
  "init",
  "judge",
  "list",
  "logs",
  "plan",
  "repair",
  "report",
  "show",
  "show-stage",
  "status",
  "validate",
  "why",
];
