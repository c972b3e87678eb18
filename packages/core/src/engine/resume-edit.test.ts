import { expect, test } from "vitest";
import { defined, EDIT_CASES, edit, FIRST } from "../../test/edit-cases.js";
import { FakeClock } from "../../test/fake-clock.js";
import {
  createRun,
  type Engine,
  executeRun,
  type JournalEntry,
  loadRun,
  planResume,
  type RunDefinition,
  type StageExecutor,
  type StateStore,
  type TurnResult,
  type TurnTask,
} from "../index.js";
import { createMemoryStore } from "../memory.js";

const OPTIONS = { runId: "run-1", workspace: { kind: "folder", path: "/tree" }, command: "test" } as const;

/** Every turn succeeds at once, but for those that are to fail. */
class InstantExecutor implements StageExecutor {
  readonly capacity: number = Number.POSITIVE_INFINITY;
  readonly tasks: TurnTask[] = [];
  readonly #failing: ReadonlySet<string>;

  constructor(failing: readonly string[] = []) {
    this.#failing = new Set(failing);
  }

  async execute(task: TurnTask): Promise<TurnResult> {
    this.tasks.push(task);
    const { turn, stage, kind } = task;
    const nothing = { log: null, usage: null, session: null };
    if (this.#failing.has(turn)) {
      const error = { code: "AGENT_FAILED", message: `${turn} broke`, hint: null } as const;
      return { status: "failed", error, retry: "never", output: null, ...nothing };
    }
    const output = { sha256: `sha256 of ${turn}`, bytes: 1, text: turn };
    const artifacts =
      kind === "work" ? stage.artifacts.map((name) => ({ name, sha256: `${name} of ${turn}`, bytes: 1 })) : [];
    const judged =
      kind === "review" ? ({ verdict: { decision: "approved", reasons: [], source: "tool" } } as const) : {};
    const checked = kind === "check" ? { checks: [{ command: "x", passed: true, exitCode: 0, durationMs: 1 }] } : {};
    return { status: "succeeded", output, artifacts, ...nothing, ...judged, ...checked };
  }
}

function engineOn(store: StateStore, executor: StageExecutor): Engine {
  let ids = 0;
  const randomHex = () => {
    ids += 1;
    return `id ${ids}`;
  };
  return {
    store,
    executor,
    reporters: [],
    clock: new FakeClock(),
    randomHex,
    logger: { debug: () => {}, info: () => {}, warn: () => {} },
  };
}

async function entriesOf(store: StateStore): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.read("run-1")) entries.push(entry);
  return entries;
}

/** The journal of a run that nothing disturbed, or in which some turns failed. */
async function journalOf(definition: RunDefinition, failing: readonly string[] = []): Promise<readonly JournalEntry[]> {
  const store = createMemoryStore({ clock: new FakeClock() });
  const engine = engineOn(store, new InstantExecutor(failing));
  await createRun(engine, "run-1", definition);
  await executeRun(engine, OPTIONS);
  return await entriesOf(store);
}

/** What a process leaves that is killed just after entry number `count`. */
async function killedAfter(journal: readonly JournalEntry[], count: number): Promise<StateStore> {
  const store = createMemoryStore({ clock: new FakeClock() });
  for (const { seq, ...entry } of journal.slice(0, count)) {
    if (seq === 1) await store.create("run-1", entry);
    else await store.append("run-1", seq - 1, { ...entry, id: `killed ${seq}` });
  }
  return store;
}

const UNEDITED = await journalOf(defined(FIRST));
const WITH_FAILURE = await journalOf(defined(FIRST), ["B.1"]);

test.each(EDIT_CASES)(
  "killed anywhere and resumed after an edit of $name, just what was planned runs",
  async ({ draft }) => {
    const definition = defined(draft);
    for (const journal of [UNEDITED, WITH_FAILURE]) {
      for (const changed of ["rerun", "keep"] as const) {
        for (let count = 1; count < journal.length + (journal === WITH_FAILURE ? 1 : 0); count += 1) {
          const store = await killedAfter(journal, count);
          const { state } = await loadRun(store, "run-1");
          const kept = new Map([...state.stages].map(([id, record]) => [id, record.status]));
          const plan = planResume(state, definition, { changed });
          const executor = new InstantExecutor();
          const changes = { definition, choices: { changed }, plan };
          const result = await executeRun(engineOn(store, executor), { ...OPTIONS, changes });
          expect(result.outcome).toBe("succeeded");
          const ran = new Set(executor.tasks.map(({ stage }) => stage.id));
          const planned = plan.stages.filter(({ action, stage }) => {
            const end = result.state.stages.get(stage);
            return action === "run" && end?.status === "completed" && end.definition.kind !== "terminal";
          });
          expect([...ran].sort(), `${changed} after entry ${count}`).toEqual(planned.map(({ stage }) => stage).sort());
          for (const [id, status] of kept) {
            if (changed === "keep" && status === "completed") expect(ran.has(id), `${id} is kept`).toBe(false);
          }
        }
      }
    }
  },
);

test("a plan that is not true any more is refused, and nothing is written", async () => {
  const before = await loadRun(await killedAfter(WITH_FAILURE, 3), "run-1");
  const plan = planResume(before.state);
  const store = await killedAfter(WITH_FAILURE, 4);
  const late = executeRun(engineOn(store, new InstantExecutor()), { ...OPTIONS, changes: { plan } });
  await expect(late).rejects.toMatchObject({
    code: "JOURNAL_CONFLICT",
    hint: "See what would be done now: troupe resume run-1 --plan",
  });
  expect((await loadRun(store, "run-1")).seq).toBe(4);
});

test("a finished stage that was edited stops the resume until somebody decides; nothing is written", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const executor = new InstantExecutor();
  const changes = { definition: defined(edit("A", { description: "new" })) };
  await expect(executeRun(engineOn(store, executor), { ...OPTIONS, changes })).rejects.toMatchObject({
    code: "STAGE_CHANGED",
    message: "run run-1 does not go on by itself: A changed after being finished",
    details: { changed: ["A"], behind: [], vanished: [] },
  });
  expect([executor.tasks, (await loadRun(store, "run-1")).seq]).toEqual([[], WITH_FAILURE.length]);
  expect(await store.holder("run-1")).toBeNull();
});

test("adopting the same definition again writes no new one, however often", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const changes = { definition: defined(FIRST) };
  for (const turn of ["B.2", "B.3", "B.4"]) {
    await executeRun(engineOn(store, new InstantExecutor([turn])), { ...OPTIONS, changes });
  }
  const executor = new InstantExecutor();
  await executeRun(engineOn(store, executor), { ...OPTIONS, changes });
  expect(executor.tasks.map(({ turn }) => turn)).toEqual(["B.5", "B.6", "GATE.1"]);
  const types = (await entriesOf(store)).flatMap(({ events }) => events.map(({ type }) => type));
  expect(types).not.toContain("run.reconfigured");
});

test("two attempts of a stage leave two versions; what consumes it gets the newer, and the latest attempt decides", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const definition = defined(edit("PLAN", { description: "again" }));
  const choices = { changed: "rerun" } as const;
  const first = new InstantExecutor(["A.2"]);
  const { outcome, state } = await executeRun(engineOn(store, first), { ...OPTIONS, changes: { definition, choices } });
  expect([outcome, state.stages.get("A")?.status]).toEqual(["failed", "failed"]);
  const inputs = first.tasks.find(({ turn }) => turn === "A.2")?.inputs;
  expect(inputs?.map(({ name, turn, sha256 }) => [name, turn, sha256])).toEqual([
    ["plan.md", "PLAN.2", "plan.md of PLAN.2"],
  ]);
  const artifacts = (await entriesOf(store)).flatMap(({ events }) =>
    events.flatMap((event) =>
      event.type === "turn.settled" && event.result.status === "succeeded" ? event.result.artifacts : [],
    ),
  );
  expect(artifacts.map(({ sha256 }) => sha256)).toEqual(["plan.md of PLAN.1", "plan.md of PLAN.2"]);
});

test("a failure is never kept as a result: fail, edit, resume, and it runs again with the new text", async () => {
  const store = await killedAfter(WITH_FAILURE, WITH_FAILURE.length);
  const executor = new InstantExecutor();
  const changes = { definition: defined(edit("B", { description: "mended" })) };
  await executeRun(engineOn(store, executor), { ...OPTIONS, changes });
  expect(executor.tasks.map(({ turn, stage }) => [turn, stage.description])).toEqual([
    ["B.2", "mended"],
    ["B.3", "mended"],
    ["GATE.1", ""],
  ]);
});
