export { checkHooks, type HookProblem } from "./check-hooks.js";
export { describeHook } from "./hook.js";
export type { Notification } from "./notification.js";
export { type NotifyOptions, notifyOptions } from "./notify-options.js";
export { createNotifyReporter } from "./notify-reporter.js";
export { OUTBOX_FILE } from "./outbox.js";
export { default } from "./plugin.js";
export { type HookTest, type HookTestRequest, testHooks } from "./test-hooks.js";
