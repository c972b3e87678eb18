import { join } from "node:path";

/** Absolute: where the package's own files lie. Right beside `src`, and beside the bundle, which has no folders. */
export const PACKAGE_FOLDER: string = join(import.meta.dirname, "..");
