import { type Fields, isFields, leaveOut, NONE, withOthers } from "./leave-out.js";
import { isPackable, packHash, unpackHash } from "./pack-text.js";

/**
 * What the absence of a stage's field means in a packed definition. Part of the format: it stays as it is when the
 * defaults of new workflows change. In the order in which `defineStage` writes them.
 */
const STAGE = {
  name: "",
  description: "",
  kind: "work",
  workAgent: null,
  reviewAgent: null,
  run: null,
  reviews: null,
  checks: NONE,
  artifacts: NONE,
  exitCriteria: NONE,
  optional: false,
  includeObjective: true,
  promptTemplate: null,
  writes: "artifacts",
  approval: false,
  needs: NONE,
  group: null,
  maxRounds: 4,
  timeoutMs: null,
  idleTimeoutMs: null,
  retry: Object.freeze({ attempts: 2, delayMs: 30_000, backoff: 2, maxDelayMs: 600_000 }),
  requiresAcceptance: NONE,
  id: "",
} satisfies Fields;
const STAGE_KEYS = Object.keys(STAGE);
const KNOWN = new Set(STAGE_KEYS);

/**
 * The definition of a run without what its stages leave at the defaults, and with the fingerprints as a list in the
 * order of the stages. Null when unpacking would not give the very same JSON: it is recorded as it is then.
 */
export function packDefinition(definition: unknown): Fields | null {
  if (!isFields(definition)) return null;
  const { workflow, fingerprints } = definition;
  if (!isFields(workflow) || !isFields(fingerprints) || !Array.isArray(workflow.stages)) return null;
  const stages: Fields[] = [];
  for (const stage of workflow.stages) {
    const packed = packStage(stage);
    if (packed === null) return null;
    stages.push(packed);
  }
  const hashes: string[] = [];
  for (const id in fingerprints) {
    const hash = fingerprints[id];
    if (id !== stages[hashes.length]?.id || typeof hash !== "string" || !isPackable(hash)) return null;
    hashes.push(packHash(hash));
  }
  if (hashes.length < stages.length) return null;
  return { ...definition, workflow: { ...workflow, stages }, fingerprints: hashes };
}

function packStage(stage: unknown): Fields | null {
  if (!isFields(stage)) return null;
  const packed = leaveOut(stage, STAGE_KEYS, STAGE);
  if (packed === null || stage.name === "" || typeof stage.id !== "string") return null;
  if (stage.name !== stage.id) return packed;
  const { name: _, ...rest } = packed;
  return rest;
}

/** Undoes {@link packDefinition}. */
export function unpackDefinition(packed: Fields): Fields {
  const { workflow, fingerprints } = packed;
  if (!isFields(workflow) || !Array.isArray(workflow.stages) || !Array.isArray(fingerprints)) return packed;
  const stages = workflow.stages.map(unpackStage);
  const hashes: Record<string, unknown> = {};
  let index = 0;
  for (const hash of fingerprints) {
    hashes[String(stages[index]?.id)] = unpackHash(hash);
    index += 1;
  }
  return { ...packed, workflow: { ...workflow, stages }, fingerprints: hashes };
}

/** Field by field: ten thousand objects of one shape are made faster, and take less memory, than merged ones. */
function unpackStage(packed: Fields): Fields {
  const { id } = packed;
  const stage = {
    name: packed.name ?? id,
    description: packed.description ?? STAGE.description,
    kind: packed.kind ?? STAGE.kind,
    workAgent: packed.workAgent ?? STAGE.workAgent,
    reviewAgent: packed.reviewAgent ?? STAGE.reviewAgent,
    run: packed.run ?? STAGE.run,
    reviews: packed.reviews ?? STAGE.reviews,
    checks: packed.checks ?? STAGE.checks,
    artifacts: packed.artifacts ?? STAGE.artifacts,
    exitCriteria: packed.exitCriteria ?? STAGE.exitCriteria,
    optional: packed.optional ?? STAGE.optional,
    includeObjective: packed.includeObjective ?? STAGE.includeObjective,
    promptTemplate: packed.promptTemplate ?? STAGE.promptTemplate,
    writes: packed.writes ?? STAGE.writes,
    approval: packed.approval ?? STAGE.approval,
    needs: packed.needs ?? STAGE.needs,
    group: packed.group ?? STAGE.group,
    maxRounds: packed.maxRounds ?? STAGE.maxRounds,
    timeoutMs: packed.timeoutMs ?? STAGE.timeoutMs,
    idleTimeoutMs: packed.idleTimeoutMs ?? STAGE.idleTimeoutMs,
    retry: packed.retry ?? STAGE.retry,
    requiresAcceptance: packed.requiresAcceptance ?? STAGE.requiresAcceptance,
    id,
  };
  return withOthers(stage, packed, KNOWN);
}
