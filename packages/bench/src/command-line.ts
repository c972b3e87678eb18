import { fileURLToPath } from "node:url";

/** The built command, as an installed one is started. */
export function troupe(...args: readonly string[]): readonly string[] {
  return [process.execPath, fileURLToPath(new URL("../../cli/dist/bin.cjs", import.meta.url)), ...args];
}
