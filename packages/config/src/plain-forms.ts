import { ID_PATTERN } from "@troupe/core";
import { parseDuration } from "./duration.js";
import { VARIABLE_PATTERN } from "./project-names.js";
import type { WrittenProject } from "./project-schema.js";
import type { WrittenWorkflow } from "./workflow-schema.js";

/**
 * Whether a value certainly has the form that its schema demands. What has it for the schema need not have it here: then
 * the schema is asked. A test holds that nothing passes here which the schema refuses.
 */
type Form = (value: unknown) => boolean;

const text: Form = (value) => typeof value === "string";
const someText: Form = (value) => typeof value === "string" && /\S/.test(value);
const flag: Form = (value) => typeof value === "boolean";
const id: Form = (value) => typeof value === "string" && ID_PATTERN.test(value);
const variable: Form = (value) => typeof value === "string" && VARIABLE_PATTERN.test(value);
const duration: Form = (value) => typeof value === "string" && parseDuration(value) !== null;
const anything: Form = () => true;

function whole(least: number, most: number): Form {
  return (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function oneOf(...words: readonly string[]): Form {
  return (value) => typeof value === "string" && words.includes(value);
}

function either(...forms: readonly Form[]): Form {
  return (value) => forms.some((form) => form(value));
}

function listOf(item: Form, least = 0): Form {
  return (value) => Array.isArray(value) && value.length >= least && value.every(item);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mapOf(value: Form): Form {
  return (map) => isMap(map) && Object.values(map).every(value);
}

/** Of these keys and no others; each may be missing but for those that are needed. */
function record(forms: Readonly<Record<string, Form>>, ...needed: readonly string[]): Form {
  return (value) =>
    isMap(value) &&
    Object.entries(value).every(([key, inner]) => Object.hasOwn(forms, key) && forms[key]?.(inner) === true) &&
    needed.every((key) => Object.hasOwn(value, key));
}

const command: Form = (value) => someText(value) || (Array.isArray(value) && someText(value[0]) && value.every(text));
const backoff: Form = (value) => typeof value === "number" && value >= 1 && value <= 100;
const cost: Form = (value) => typeof value === "number" && value > 0;

const inheritable = {
  work_agent: id,
  review_agent: id,
  max_rounds: whole(1, 1_000),
  checks: listOf(command),
  exit_criteria: listOf(text),
  allowed_personas: listOf(text),
  optional: flag,
  include_objective: flag,
  prompt_template: text,
  writes: oneOf("artifacts", "tree"),
  timeout: duration,
  approval: flag,
  idle_timeout: duration,
  retry: record({ attempts: whole(1, 100), delay: duration, backoff, max_delay: duration }),
};

const stage = record({
  ...inheritable,
  name: text,
  description: text,
  run: command,
  is_review_stage: flag,
  is_acceptance_test_stage: flag,
  requires_acceptance_tests_passed: flag,
  artifacts: listOf(text),
  parallel_agents: listOf(id, 1),
  needs: listOf(text),
  scenarios: oneOf("linked"),
});

const group = record(
  {
    after: text,
    stages: listOf(text, 1),
    before: text,
    max_concurrent: whole(1, 10_000),
    on_failure: oneOf("continue", "fail_fast"),
  },
  "stages",
);

const workflow = record(
  {
    version: (value) => value === 1,
    defaults: record(inheritable),
    inputs: mapOf(record({ description: text, default: text })),
    stages: mapOf(stage),
    stage_order: listOf(text),
    parallel_groups: mapOf(group),
    work_to_review_mapping: mapOf(text),
  },
  "stages",
);

const plugin = either(
  someText,
  (value) => Array.isArray(value) && value.length >= 1 && value.length <= 2 && someText(value[0]),
);

const agent = record(
  {
    plugin,
    options: anything,
    persona: text,
    model: text,
    env: mapOf(either(text, record({ from: variable }, "from"))),
    access: oneOf("readOnly", "ask", "edit", "full"),
  },
  "plugin",
);

const tokens = whole(1, Number.MAX_SAFE_INTEGER);

const project = record({
  workflow: text,
  store: plugin,
  executor: plugin,
  reporters: listOf(plugin),
  agents: mapOf(either(plugin, agent)),
  checks: listOf(command),
  secrets: listOf(either(variable, record({ name: variable, file: someText }, "name", "file"))),
  limits: record({ duration, cost, tokens, wait: duration, concurrency: whole(1, 10_000) }),
});

/** Whether it certainly has the form of a `stages.yaml`. */
export function isPlainWorkflow(value: unknown): value is WrittenWorkflow {
  return workflow(value);
}

/** Whether it certainly has the form of a `troupe.yaml`. */
export function isPlainProject(value: unknown): value is WrittenProject {
  return project(value);
}
