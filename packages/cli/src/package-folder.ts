import { join } from "node:path";

/** Absolute: where the package's own files lie. Right beside `src`, and beside the bundle, which has no folders. */
export function packageFolder(): string {
  return join(import.meta.dirname, "..");
}
