import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { hostile, PAYLOADS } from "../test/hostile-run.js";
import { Choices, longWorkflow, numbersFrom, perform } from "../test/performed-run.js";
import { HOLDER, RUNS } from "../test/runs.js";
import { showcase } from "../test/showcase-run.js";
import { createReport, REPORT_SCHEMA, renderJson } from "./index.js";

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(REPORT_SCHEMA);
const TROUBLE = { fail: 5, retry: 10, crash: 5, reject: 30 };
const random = Array.from({ length: 60 }, (_, seed): [string, (typeof RUNS)[string]] => [
  `seed ${seed}`,
  () => perform(longWorkflow(12), new Choices(numbersFrom(seed, 2_000)), TROUBLE, 20 + seed * 3),
]);

test.each([
  ...Object.entries({ ...RUNS, showcase }),
  ...random,
  ...PAYLOADS.map((payload): [string, (typeof RUNS)[string]] => [payload, () => hostile(payload)]),
])("the schema describes the report on %j", (_, make) => {
  const run = make();
  for (const holder of [null, HOLDER]) {
    const text = renderJson(createReport(run.entries, { now: run.now + 5_000, holder, next: () => "troupe resume" }));
    validate(JSON.parse(text));
    expect(validate.errors).toBeNull();
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  }
});

test("the schema knows no property that no report has", () => {
  expect(
    validate({ ...JSON.parse(renderJson(createReport(showcase().entries, { now: 0, holder: null }))), more: 1 }),
  ).toBe(false);
});
