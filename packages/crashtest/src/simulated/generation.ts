import {
  createRun,
  type Engine,
  executeRun,
  hasCode,
  judgeStage,
  loadRun,
  type ProgressReporter,
  planResume,
  type ResumePlan,
  type RunDefinition,
  type RunStatus,
  requestCancel,
  type StateStore,
} from "@troupe/core";
import { ParallelStageExecutor } from "@troupe/executor-parallel";
import { createFsStore, type FileSystemPort } from "@troupe/store-fs";
import type { Scenario } from "../scenarios.js";
import type { EntryListener, Ledger } from "./ledger.js";
import type { Machine } from "./machine.js";
import { createScriptedRunner } from "./scripted-runner.js";
import { createSimulatedFileSystem } from "./simulated-file-system.js";
import type { SimulatedProcess } from "./simulated-process.js";

/** The one run of a case. */
export const RUN_ID = "survive-1";
const WORKSPACE = { kind: "folder", path: "/project" } as const;
const KEPT: ReadonlySet<RunStatus> = new Set(["succeeded", "cancelled"]);

/** Puts something broken between the engine and what it stands on: the harness has to find it. */
export interface Breakage {
  readonly fileSystem?: (real: FileSystemPort) => FileSystemPort;
  readonly store?: (real: StateStore) => StateStore;
  readonly engine?: (real: Engine) => Engine;
}

/** What all processes of a case share. */
export interface CaseWorld {
  readonly machine: Machine;
  readonly ledger: Ledger;
  readonly scenario: Scenario;
  readonly definition: RunDefinition;
  readonly breakage: Breakage;
  onEntry: EntryListener;
}

/** One process's try to bring the run to its end. */
export interface Generation {
  readonly process: SimulatedProcess;
  /** What was shown before it went on; null when it did not get that far. */
  plan: ResumePlan | null;
  /** Null while it runs, when it died, and when it failed. */
  status: RunStatus | null;
  error: unknown;
  hasEnded: boolean;
}

/** A store as a process opens it. */
export function openStore({ machine, ledger, breakage }: CaseWorld, process: SimulatedProcess): StateStore {
  const real = createSimulatedFileSystem(machine, process);
  const { watch: _, ...store } = createFsStore({
    folder: machine.folder,
    clock: machine.clock.of(process),
    randomHex: machine.random.hex,
    fileSystem: breakage.fileSystem?.(real) ?? real,
    witness: {
      identifySelf: async (command) => ({ ...process.owner, command }),
      async judgeLiveness(owner, self) {
        if (owner.pidNamespace !== self.pidNamespace) return "unknown";
        return machine.isAlive(owner) ? "alive" : "dead";
      },
    },
  });
  const noted: StateStore = {
    ...store, // without `watch`, which looks at real folders: the engine polls
    async *read(runId, afterSeq) {
      for await (const entry of store.read(runId, afterSeq)) {
        ledger.acknowledge(entry, process); // whoever reads it acts on it, and tells it
        yield entry;
      }
    },
  };
  return breakage.store?.(noted) ?? noted;
}

/**
 * Starts a process that does what a person would: create the run if it is not there, else look at it and resume it.
 * `done` never rejects.
 */
export function startGeneration(
  world: CaseWorld,
  process: SimulatedProcess,
): { readonly generation: Generation; readonly done: Promise<void> } {
  const generation: Generation = { process, plan: null, status: null, error: null, hasEnded: false };
  const done = perform(world, generation)
    .then(
      (status) => {
        generation.status = process.isDead ? null : status;
      },
      (error: unknown) => {
        generation.error = process.isDead ? null : error;
      },
    )
    .finally(() => {
      generation.hasEnded = true;
      world.machine.exit(process);
    });
  return { generation, done };
}

async function perform(world: CaseWorld, generation: Generation): Promise<RunStatus> {
  const { process } = generation;
  const store = openStore(world, process);
  const runner = createScriptedRunner({ scenario: world.scenario, store, ledger: world.ledger, process });
  const executor = new ParallelStageExecutor({ runner });
  const plain = { store, executor, ...engineParts(world, process), reporters: [reporter(world, process)] };
  const engine = world.breakage.engine?.(plain) ?? plain;
  try {
    await createUnlessThere(world, engine);
    const { state } = await loadRun(store, RUN_ID);
    if (KEPT.has(state.status)) return state.status;
    const plan = planResume(state);
    generation.plan = plan;
    const options = { runId: RUN_ID, workspace: WORKSPACE, command: "troupe resume", changes: { plan } };
    return (await executeRun(engine, options)).outcome;
  } finally {
    await executor.close();
    await store.close();
  }
}

async function createUnlessThere({ definition, ledger }: CaseWorld, engine: Engine): Promise<void> {
  const isKnown = ledger.acknowledged.length > 0;
  try {
    if (!isKnown) await createRun(engine, RUN_ID, definition);
  } catch (error) {
    if (!hasCode(error, "RUN_EXISTS")) throw error; // an earlier try got that far and could not say so
  }
}

/** A process of somebody who cancels the run; resolves to whether the request is durable. */
export async function cancelFrom(world: CaseWorld, process: SimulatedProcess): Promise<boolean> {
  const store = openStore(world, process);
  const engine = { store, ...engineParts(world, process) };
  try {
    await requestCancel(
      world.breakage.engine?.({ ...engine, executor: NO_EXECUTOR, reporters: [] }) ?? engine,
      RUN_ID,
      "ann",
      null,
    );
    return !process.isDead;
  } finally {
    await store.close();
    world.machine.exit(process);
  }
}

/**
 * A process of somebody who judges the first result that waits: rejected in its first rounds, then approved. Nothing that
 * waits is no mistake: another one was faster.
 */
export async function judgeFrom(world: CaseWorld, process: SimulatedProcess, rejections: number): Promise<void> {
  const store = openStore(world, process);
  const engine = { store, ...engineParts(world, process) };
  try {
    const { state } = await loadRun(store, RUN_ID);
    const waiting = [...state.stages.values()].find(
      ({ status, approved }) => status === "waiting" && approved === null,
    );
    if (waiting === undefined || waiting.awaitingApproval === null) return;
    const { definition, awaitingApproval: turn, round } = waiting;
    const said = { by: "ann", turn, message: `${definition.id}, round ${round}: ${"once more, please. ".repeat(600)}` };
    await judgeStage(engine, RUN_ID, definition.id, { ...said, approved: round > rejections });
    for await (const _ of store.read(RUN_ID)); // what was told to that person must stay
  } finally {
    await store.close();
    world.machine.exit(process);
  }
}

const NO_EXECUTOR: Engine["executor"] = {
  capacity: 0,
  execute: () => Promise.reject(new Error("nothing is performed here")),
};

function engineParts(
  { machine }: CaseWorld,
  process: SimulatedProcess,
): Pick<Engine, "clock" | "randomHex" | "logger"> {
  return {
    clock: machine.clock.of(process),
    randomHex: machine.random.hex,
    logger: { debug: () => {}, info: () => {}, warn: () => {} },
  };
}

/** What it is told, a person has seen. */
function reporter(world: CaseWorld, process: SimulatedProcess): ProgressReporter {
  return {
    report(event) {
      if (event.type !== "entry" || process.isDead) return;
      world.ledger.acknowledge(event.entry, process);
      world.onEntry(event.entry, event.state, process);
    },
  };
}
