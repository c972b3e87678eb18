import { executorCases } from "@troupe/conformance";
import { test } from "vitest";
import { ParallelStageExecutor } from "./parallel-stage-executor.js";

test.each(executorCases)("$name", async ({ run }) => {
  await run({ create: (options) => new ParallelStageExecutor(options) });
});
