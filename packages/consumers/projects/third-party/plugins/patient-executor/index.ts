// An executor that performs one turn after another, with a pause before each.
import { interruptReason, type PluginDefinition, type TurnResult } from "@troupe/core";

interface Options {
  readonly pauseMs: number;
}

const plugin: PluginDefinition<"executor", Options> = {
  kind: "executor",
  name: "patient-executor",
  apiVersion: 1,
  options: {
    "~standard": {
      version: 1,
      vendor: "patient-executor",
      validate(value) {
        const pauseMs = Object(value).pause_ms ?? 0;
        if (Number.isSafeInteger(pauseMs) && pauseMs >= 0) return { value: { pauseMs } };
        return { issues: [{ message: "expected milliseconds", path: ["pause_ms"] }] };
      },
    },
  },
  create({ pauseMs }, { runner, clock }) {
    let last: Promise<unknown> = Promise.resolve();
    return {
      capacity: 1,
      async execute(task, context) {
        const turn = last.then(async (): Promise<TurnResult> => {
          await clock.wait(pauseMs, context.signal);
          const nothing = { log: null, usage: null, session: null };
          if (context.signal.aborted) {
            return { status: "interrupted", reason: interruptReason(context.signal), ...nothing };
          }
          context.progress({ type: "launched" });
          return await runner.run(task, context);
        });
        last = turn.catch(() => undefined);
        return await turn;
      },
      async attach(task, context) {
        await runner.endAbandoned?.(task, context);
        return null;
      },
      async close() {
        await runner.close?.();
      },
    };
  },
};
export default plugin;
