import fc from "fast-check";
import type { SchemaName } from "../src/json-schema.js";

/** A document of each file with every key in it, and a small one. */
export const VALID_DOCUMENTS: Readonly<Record<SchemaName, readonly unknown[]>> = {
  workflow: [
    {
      version: 1,
      defaults: {
        work_agent: "pm",
        timeout: "1h30m",
        retry: { attempts: 3, delay: "10s", backoff: 1.5, max_delay: "1m" },
      },
      inputs: { MODE: { description: "how", default: "full" }, OTHER: null },
      stages: {
        A: { run: ["make", "all"], timeout: "90s", idle_timeout: "500ms", writes: "tree", optional: true },
        B: {
          name: "B",
          description: "does",
          work_agent: "builder-1",
          review_agent: null,
          checks: [
            "npm test",
            ["node", "--test"],
            { run: "npm test", report: "reports/junit.xml" },
            { run: ["a"], report: ["a.tap", "b/TEST-*.xml"], format: "junit" },
            { run: "node --test", format: "tap", report: null },
          ],
          artifacts: ["b.md"],
          exit_criteria: ["done"],
          allowed_personas: ["builder"],
          include_objective: false,
          prompt_template: "p.md",
          max_rounds: 2,
          needs: ["A"],
          when: { all: [{ input: "MODE", equals: "full" }, { any: [{ not: { stage: "A", is: "skipped" } }] }] },
          parallel_agents: ["builder-1", "builder-2"],
          approval: false,
          scenarios: "linked",
        },
        C: { is_review_stage: true, is_acceptance_test_stage: false, requires_acceptance_tests_passed: false },
        D: null,
      },
      stage_order: ["A", "B", "C", "D"],
      parallel_groups: {
        g: { after: "A", stages: ["B", "C"], before: "D", max_concurrent: 2, on_failure: "fail_fast" },
      },
      work_to_review_mapping: { B: "C" },
    },
    { stages: { A: {} } },
  ],
  project: [
    {
      workflow: "stages.yaml",
      store: "@troupe/store-fs",
      executor: ["@troupe/executor-parallel", { concurrency: 2 }],
      reporters: ["a", ["b"], ["c", 1]],
      agents: {
        default: "x",
        pm: ["x", { command: ["y"] }],
        ba: { plugin: "x", options: 1, persona: "ba", model: "m", env: { A: "b" }, access: "full" },
      },
      checks: ["npm test", ["node", "--test"]],
      secrets: ["TOKEN", { name: "KEY", file: "key.pem" }],
      limits: { duration: "8h", cost: 1.5, tokens: 1000, wait: "6h", concurrency: 4 },
      notify: [
        "bell",
        { command: ["./tell.sh", "a"], events: ["failed", "approval"], timeout: "5s" },
        { webhook: "http://localhost/hook", headers: { A: "b", C: { from: "D" } } },
        { slack: { from: "SLACK_URL" } },
        { telegram: { token: { from: "TOKEN" }, chat: -1, api: "http://localhost:1" } },
        { desktop: true, events: ["finished"] },
      ],
    },
    {},
  ],
  objective: [
    { title: "T", name: "n", skip: ["A"], limits: { duration: "1h" }, inputs: { MODE: "full" } },
    { limits: { cost: 3, concurrency: 1 } },
  ],
};

/** Values that people write, in the right place or not. */
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  1.5,
  -1,
  4,
  1e9,
  "",
  " ",
  "x",
  "A",
  "a b",
  "1h",
  "0s",
  "90",
  "1h30m",
  "soon",
  "tree",
  "artifacts",
  "continue",
  "completed",
  "linked",
  "full",
  "TOKEN",
  [],
  ["a"],
  [""],
  [1],
  [["a"]],
  [[]],
  ["a", { b: 1 }],
  ["a", 1, 2],
  {},
  { a: 1 },
  { plugin: "x" },
  { stages: ["A"] },
  { input: "A", equals: "b" },
  { input: "A" },
  { stage: "A", is: "skipped" },
  { stage: "A", is: "completed", input: "A" },
  { all: [] },
  { any: [{ not: { input: "A", equals: "b" } }] },
  { equals: "x" },
];

const KEYS = [
  "A",
  "x",
  "run",
  "needs",
  "when",
  "retry",
  "equals",
  "not",
  "is",
  "plugin",
  "stages",
  "delay",
  "max_rounds",
];

/** One of the documents, changed in one to three places. */
export function mutated(documents: readonly unknown[]): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat({ max: 10_000 }),
    how: fc.constantFrom("replace", "remove", "add"),
    key: fc.constantFrom(...KEYS),
    value: fc.constantFrom(...VALUES),
  });
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([document, changes]) => changes.reduce<unknown>((value, one) => changed(value, one), document));
}

interface Change {
  readonly at: number;
  readonly how: string;
  readonly key: string;
  readonly value: unknown;
}

function changed(document: unknown, { at, how, key, value }: Change): unknown {
  const copy = structuredClone({ document });
  const places = placesIn(copy);
  const place = places[at % places.length];
  if (place === undefined) return document;
  if (how === "replace") place.set(value);
  else if (how === "remove") place.remove();
  else place.add(key, value);
  return copy.document;
}

interface Place {
  set(value: unknown): void;
  remove(): void;
  add(key: string, value: unknown): void;
}

function placesIn(owner: object): readonly Place[] {
  return Object.entries(owner).flatMap(([key, value]: [string, unknown]) => {
    const isInside = typeof value === "object" && value !== null;
    const own: Place = {
      set: (other) => Object.assign(owner, { [key]: other }),
      remove: () => void (Array.isArray(owner) ? owner.splice(Number(key), 1) : Reflect.deleteProperty(owner, key)),
      add: (name, other) => {
        if (Array.isArray(value)) value.push(other);
        else if (isInside) Object.assign(value, { [name]: other });
      },
    };
    return [own, ...(isInside ? placesIn(value) : [])];
  });
}
