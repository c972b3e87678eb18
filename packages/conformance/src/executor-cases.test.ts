import type { StageExecutor, TurnResult, TurnRunner } from "@troupe/core";
import { describe, expect, test } from "vitest";
import { executorCases } from "./executor-cases.js";
import type { ExecutorSubject } from "./executor-subject.js";

type Options = Parameters<ExecutorSubject["create"]>[0];

/** An executor of a few lines that keeps the contract, with a place for each bug. */
function createExecutor({ runner, concurrency }: Options, bug: Bug = "none"): StageExecutor {
  const waiting: { start: () => void; group: string | null; limit: number }[] = [];
  const runningOf = new Map<string | null, number>();
  const unsettled = new Set<Promise<unknown>>();
  let lastStarted: Promise<TurnResult> | null = null;
  let running = 0;
  const pump = (): void => {
    const next = waiting.findIndex(({ group, limit }) => group === null || (runningOf.get(group) ?? 0) < limit);
    if (next === -1 || (running >= concurrency && bug !== "no limit")) return;
    waiting.splice(next, 1)[0]?.start();
    pump();
  };
  return {
    capacity: concurrency,
    execute(task, context) {
      const { promise, resolve, reject } = Promise.withResolvers<TurnResult>();
      const { signal } = context;
      const earlier = lastStarted;
      const { name: group, maxConcurrent } = task.group ?? { name: null, maxConcurrent: null };
      const count = (change: 1 | -1): void => {
        running += change;
        runningOf.set(group, (runningOf.get(group) ?? 0) + change);
      };
      const start = (): void => {
        count(1);
        if (bug === "slot freed on abort") signal.addEventListener("abort", () => release());
        let isReleased = false;
        const release = (): void => {
          if (isReleased) return;
          isReleased = true;
          count(-1);
          pump();
        };
        if (bug === "settles on abort") signal.addEventListener("abort", () => resolve(interrupted(signal)));
        void perform(runner, task, context, bug, earlier).then(resolve, reject).finally(release);
      };
      const place = bug === "newest first" ? 0 : waiting.length;
      const ticket = { start, group, limit: bug === "no group limit" ? Infinity : (maxConcurrent ?? Infinity) };
      waiting.splice(place, 0, ticket);
      signal.addEventListener("abort", () => {
        const now = waiting.indexOf(ticket);
        if (now === -1 || bug === "queue never left") return;
        waiting.splice(now, 1);
        resolve(interrupted(signal));
      });
      unsettled.add(promise);
      lastStarted = promise;
      pump();
      return promise;
    },
    async attach(task, context) {
      if (bug === "attach starts") return runner.run(task, context);
      const ended = runner.endAbandoned?.(task, context);
      const left = bug === "attach does not wait" ? null : ((await ended) ?? null);
      return left === null ? null : { status: "interrupted", reason: "crashed", ...left };
    },
    async close() {
      if (bug !== "close does not wait") await Promise.allSettled(unsettled);
    },
  };
}

type Bug =
  | "none"
  | "no limit"
  | "no group limit"
  | "slot freed on abort"
  | "settles on abort"
  | "queue never left"
  | "retries"
  | "rejects"
  | "answers with the result of another turn"
  | "one after another"
  | "undoes success"
  | "attach starts"
  | "attach does not wait"
  | "newest first"
  | "swallows progress"
  | "keeps its own signals"
  | "close does not wait";

async function perform(
  runner: TurnRunner,
  task: Parameters<TurnRunner["run"]>[0],
  context: Parameters<TurnRunner["run"]>[1],
  bug: Bug,
  earlier: Promise<TurnResult> | null,
): Promise<TurnResult> {
  try {
    const own = bug === "keeps its own signals" ? { kill: new AbortController().signal } : {};
    const silent = bug === "swallows progress" ? { progress: () => {} } : {};
    const result = await runner.run(task, { ...context, ...own, ...silent });
    if (bug === "answers with the result of another turn" && earlier !== null) return await earlier;
    if (bug === "retries" && result.status === "failed") return await runner.run(task, context);
    return bug === "undoes success" && context.signal.aborted ? interrupted(context.signal) : result;
  } catch (error) {
    if (bug === "rejects") throw error;
    const message = error instanceof Error ? error.message : "";
    const failure = { code: "TURN_FAILED", message, hint: null } as const;
    return { status: "failed", error: failure, retry: "never", output: null, log: null, usage: null, session: null };
  }
}

function interrupted(signal: AbortSignal): TurnResult {
  const reason = signal.reason === "limit" ? "limit" : "cancelled";
  return { status: "interrupted", reason, log: null, usage: null, session: null };
}

describe("an executor that keeps the contract", () => {
  test.each(executorCases)("$name", async ({ run }) => {
    await run({ create: (options) => createExecutor(options) });
  });
});

test("an executor may have neither attach nor close", async () => {
  for (const part of ["attaches to nothing", "closes when"]) {
    const found = executorCases.find(({ name }) => name.includes(part));
    await found?.run({
      create(options) {
        const { capacity, execute } = createExecutor(options);
        return { capacity, execute };
      },
    });
  }
});

describe.concurrent("a planted bug is caught", () => {
  test.each<[Bug, string]>([
    ["no limit", "no more turns at once than it was told"],
    ["no group limit", "no more turns of a group at once"],
    ["slot freed on abort", "gives its slot to nobody before"],
    ["settles on abort", "only after its runner has"],
    ["queue never left", "aborted while it waits"],
    ["retries", "does not retry"],
    ["rejects", "a runner that throws"],
    ["answers with the result of another turn", "each task its own result"],
    ["one after another", "two that wait for each other"],
    ["undoes success", "keeps the success"],
    ["attach starts", "attaches to nothing"],
    ["attach does not wait", "an earlier owner left"],
    ["newest first", "in the order"],
    ["swallows progress", "progress through"],
    ["keeps its own signals", "progress through"],
    ["close does not wait", "closes when"],
  ])("%s", async (bug, part) => {
    const found = executorCases.find(({ name }) => name.includes(part));
    const create = (options: Options): StageExecutor =>
      createExecutor(bug === "one after another" ? { ...options, concurrency: 1 } : options, bug);
    await expect(found?.run({ create })).rejects.toThrow();
  });
});

test("names are unique", () => {
  expect(new Set(executorCases.map(({ name }) => name)).size).toBe(executorCases.length);
});
