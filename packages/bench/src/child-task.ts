import { setFlagsFromString } from "node:v8";
import type { ChildTask } from "./in-child.js";

/** As the command line sets them when it performs a run, before anything else is loaded: `cli/src/run/v8-flags.ts`. */
const RUN_FLAGS = ["--semi-space-growth-factor=1", "--heap-growing-percent=80"];

/** What this process is to do; it is read first of all. */
export const task: ChildTask = JSON.parse(process.argv[2] ?? "");
if (task.do !== "queue" && task.do !== "parse") for (const flag of RUN_FLAGS) setFlagsFromString(flag);
