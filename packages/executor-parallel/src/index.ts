export type { ExecutorOptions } from "./executor-options.js";
export {
  DEFAULT_CONCURRENCY,
  ParallelStageExecutor,
  type ParallelStageExecutorOptions,
} from "./parallel-stage-executor.js";
export { default } from "./plugin.js";
