import { readdir, readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { BEYOND_JSON_SCHEMA } from "../src/common-schema.js";
import { DEFAULT_WORKFLOW_YAML } from "../src/default-workflow-yaml.js";
import { createDiagnosticLog } from "../src/diagnostic-log.js";
import { frontMatterSchema } from "../src/front-matter-schema.js";
import { jsonSchema, jsonSchemaText, SCHEMA_NAMES, type SchemaName } from "../src/json-schema.js";
import { projectSchema } from "../src/project-schema.js";
import { workflowSchema } from "../src/workflow-schema.js";
import { parseYamlTree } from "../src/yaml-tree.js";
import { mutated, VALID_DOCUMENTS } from "./schema-documents.js";

const VALIDATORS: Readonly<Record<SchemaName, z.ZodType>> = {
  workflow: workflowSchema,
  project: projectSchema,
  objective: frontMatterSchema,
};

const ajv = new Ajv2020({ strict: true, strictTuples: false, strictRequired: false, allowUnionTypes: true });
const accepts = Object.fromEntries(SCHEMA_NAMES.map((name) => [name, ajv.compile(jsonSchema(name))]));

/** True when the form check has nothing to say, but for what no JSON Schema can. */
function isFormOk(name: SchemaName, value: unknown): boolean {
  const { error } = VALIDATORS[name].safeParse(value);
  return (error?.issues ?? []).every((issue) => issue.code === "custom" && issue.params === BEYOND_JSON_SCHEMA);
}

function expectAgreement(name: SchemaName, value: unknown): void {
  const isAccepted = accepts[name]?.(value);
  expect({ value, isAccepted }).toEqual({ value, isAccepted: isFormOk(name, value) });
}

describe.each(SCHEMA_NAMES)("the schema of the %s file", (name) => {
  it("describes every key", () => {
    expect(undescribed(jsonSchema(name), [])).toEqual([]);
  });

  it("is the one that the package ships (npm run schemas writes it)", async () => {
    await expect(jsonSchemaText(name)).toMatchFileSnapshot(`../schemas/${name}.schema.json`);
  });

  it("accepts what the parser accepts, of valid documents changed at random", () => {
    const outcomes = new Set<boolean>();
    for (const value of VALID_DOCUMENTS[name]) {
      expect(isFormOk(name, value)).toBe(true);
      expectAgreement(name, value);
    }
    fc.assert(
      fc.property(mutated(VALID_DOCUMENTS[name]), (value) => {
        expectAgreement(name, value);
        outcomes.add(isFormOk(name, value));
      }),
      { numRuns: 1_500 },
    );
    expect(outcomes).toEqual(new Set([true, false]));
  }, 60_000);
});

it.each(["fixtures", "golden"])("accepts what the parser accepts, in test/%s", async (folder) => {
  const url = new URL(`./${folder}/`, import.meta.url);
  const names = (await readdir(url)).filter((name) => name.endsWith(".yaml"));
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    const text = await readFile(new URL(name, url), "utf8");
    const tree = parseYamlTree({ text, offset: 0 }, createDiagnosticLog(name, text));
    if (tree !== null) expectAgreement(name.startsWith("project-") ? "project" : "workflow", tree.value);
  }
});

it("accepts the built-in workflow", () => {
  const tree = parseYamlTree({ text: DEFAULT_WORKFLOW_YAML, offset: 0 }, createDiagnosticLog("d", ""));
  expect(accepts.workflow?.(tree?.value)).toBe(true);
});

/** Paths of keys without a description, wherever they stand. */
function undescribed(node: unknown, path: readonly string[]): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === "examples" || key === "default") return [];
    if (key !== "properties") return undescribed(value, [...path, key]);
    return Object.entries(value).flatMap(([name, own]) => [
      ...(hasDescription(own) ? [] : [[...path, name].join(".")]),
      ...undescribed(own, [...path, name]),
    ]);
  });
}

function hasDescription(node: unknown): boolean {
  if (typeof node !== "object" || node === null || !("description" in node)) return false;
  return typeof node.description === "string" && node.description.endsWith(".");
}
