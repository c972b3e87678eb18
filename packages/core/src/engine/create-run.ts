import { validateWorkflow } from "../model/graph.js";
import type { RunId } from "../model/ids.js";
import type { RunDefinition } from "../model/run.js";
import { reduce } from "../state/reduce.js";
import { summaryOf } from "../state/run-state.js";
import { Announcer } from "./announcer.js";
import type { Engine } from "./types.js";

/** `<feature>-<date>-<short random>`: two objectives never share a run. `feature` is cut to fit an id. */
export function newRunId(engine: Pick<Engine, "clock" | "randomHex">, feature: string): RunId {
  const date = new Date(engine.clock.now()).toISOString().slice(0, 10);
  const name = feature.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return `${name.slice(0, 46) || "run"}-${date}-${engine.randomHex(3)}`;
}

/** Writes the first entry of a run; nothing is started. Rejects `RUN_EXISTS`, `WORKFLOW_INVALID`. */
export async function createRun(engine: Engine, runId: RunId, definition: RunDefinition): Promise<void> {
  validateWorkflow(definition.workflow);
  const at = engine.clock.now();
  const event = { type: "run.created", runId, definition } as const;
  const state = reduce(null, event, at);
  const entry = await engine.store.create(runId, {
    id: engine.randomHex(12),
    at,
    events: [event],
    summary: summaryOf(state),
  });
  new Announcer(engine.reporters, engine.logger).entry(entry, state);
}
