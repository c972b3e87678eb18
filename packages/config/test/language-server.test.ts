import { expect, it } from "vitest";
import { getLanguageService, type LanguageService, TextDocument } from "yaml-language-server";
import { jsonSchema } from "../src/json-schema.js";

const SCHEMA = "file:///project/.troupe/schemas/workflow.schema.json";

/** An editor's language service for a `stages.yaml` that names its schema in its first line. */
function openEditor(): LanguageService {
  const service = getLanguageService({
    schemaRequestService: async (uri) => {
      if (uri === SCHEMA) return JSON.stringify(jsonSchema("workflow"));
      throw new Error(`no schema ${uri}`);
    },
    workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
  });
  service.configure({ completion: true, hover: true, validate: true, yamlVersion: "1.2" });
  return service;
}

const HEAD = "# yaml-language-server: $schema=.troupe/schemas/workflow.schema.json\n";

type OpenDocument = Parameters<LanguageService["doComplete"]>[0];
let version = 0; // the server keeps what it parsed by address and version

/** The document, and where `|` stood in it. */
function documentAt(text: string): {
  readonly document: OpenDocument;
  readonly position: ReturnType<OpenDocument["positionAt"]>;
} {
  const offset = (HEAD + text).indexOf("|");
  version += 1;
  const plain = TextDocument.create("file:///project/stages.yaml", "yaml", version, (HEAD + text).replace("|", ""));
  // two methods of newer documents that nothing here asks for
  const notAsked = (): never => {
    throw new Error("not asked for");
  };
  const document: OpenDocument = Object.assign(plain, { getLineRange: notAsked, getEOLCharacters: notAsked });
  return { document, position: document.positionAt(offset) };
}

async function completions(text: string): Promise<readonly string[]> {
  const { document, position } = documentAt(text);
  const { items } = await openEditor().doComplete(document, position, false);
  return items.map((item) => item.label);
}

async function hover(text: string): Promise<string> {
  const { document, position } = documentAt(text);
  return JSON.stringify((await openEditor().doHover(document, position))?.contents ?? null);
}

it("completes the keys of the file", async () => {
  expect((await completions("|")).toSorted()).toMatchInlineSnapshot(`
    [
      "Troupe workflow (stages.yaml)",
      "defaults",
      "inputs",
      "parallel_groups",
      "stage_order",
      "stages",
      "version",
      "work_to_review_mapping",
    ]
  `);
});

it("completes the keys of a stage", async () => {
  expect((await completions("stages:\n  SPEC:\n    |")).toSorted()).toMatchInlineSnapshot(`
    [
      "allowed_personas",
      "approval",
      "artifacts",
      "checks",
      "description",
      "exit_criteria",
      "idle_timeout",
      "include_objective",
      "is_acceptance_test_stage",
      "is_review_stage",
      "max_rounds",
      "name",
      "needs",
      "optional",
      "parallel_agents",
      "prompt_template",
      "requires_acceptance_tests_passed",
      "retry",
      "review_agent",
      "run",
      "scenarios",
      "timeout",
      "when",
      "work_agent",
      "writes",
    ]
  `);
});

it("completes the keys of a retry, of a group and of a condition", async () => {
  expect((await completions("stages:\n  SPEC:\n    retry:\n      |")).toSorted()).toMatchInlineSnapshot(`
    [
      "attempts",
      "backoff",
      "delay",
      "max_delay",
    ]
  `);
  expect((await completions("parallel_groups:\n  g:\n    |")).toSorted()).toMatchInlineSnapshot(`
    [
      "after",
      "before",
      "max_concurrent",
      "object(Troupe workflow (stages.yaml))",
      "on_failure",
      "stages",
    ]
  `);
  expect((await completions("stages:\n  SPEC:\n    when:\n      |")).toSorted()).toMatchInlineSnapshot(`
    [
      "all",
      "any",
      "equals",
      "input",
      "is",
      "not",
      "stage",
    ]
  `);
});

it("completes values: what a stage is, what it writes, how a group fails", async () => {
  const value = async (text: string): Promise<readonly string[]> => (await completions(text)).toSorted();
  expect(await value("stages:\n  SPEC:\n    is_review_stage: |")).toMatchInlineSnapshot(`
    [
      "false",
      "null",
      "true",
    ]
  `);
  expect(await value("stages:\n  SPEC:\n    writes: |")).toMatchInlineSnapshot(`
    [
      "artifacts",
      "null",
      "tree",
    ]
  `);
  expect(await value("parallel_groups:\n  g:\n    on_failure: |")).toMatchInlineSnapshot(`
    [
      "continue",
      "fail_fast",
      "null",
    ]
  `);
  expect(await value("stages:\n  SPEC:\n    when:\n      stage: A\n      is: |")).toMatchInlineSnapshot(`
    [
      "completed",
      "skipped",
    ]
  `);
});

it("explains every key under the pointer", async () => {
  expect(await hover("st|ages:\n  SPEC: {}\n")).toMatchInlineSnapshot(
    `"{"kind":"markdown","value":"#### Troupe workflow (stages.yaml)\\n\\nThe stages of the workflow by id. An id has letters, digits, . \\\\_ - and at most 64 of them.\\n\\nSource: [workflow.schema.json](file:///project/.troupe/schemas/workflow.schema.json)"}"`,
  );
  expect(await hover("stages:\n  SPEC:\n    needs|: [A]\n")).toMatchInlineSnapshot(
    `"{"kind":"markdown","value":"#### Troupe workflow (stages.yaml)\\n\\nStages and groups that must be done before this stage starts, instead of the one just before it in the order. \\\\[\\\\]: it starts at once.\\n\\nExample:\\n\\n\`\`\`yaml\\n- SPEC\\n\`\`\`\\n\\nExample:\\n\\n\`\`\`yaml\\n- checks\\n- PLAN\\n\`\`\`\\n\\nSource: [workflow.schema.json](file:///project/.troupe/schemas/workflow.schema.json)"}"`,
  );
  expect(await hover("stages:\n  SPEC:\n    retry:\n      backoff|: 2\n")).toMatchInlineSnapshot(
    `"{"kind":"markdown","value":"#### Troupe workflow (stages.yaml)\\n\\nEach further wait is this many times the one before.\\n\\nSource: [workflow.schema.json](file:///project/.troupe/schemas/workflow.schema.json)"}"`,
  );
  expect(await hover("stages:\n  SPEC:\n    when:\n      inp|ut: MODE\n      equals: x\n")).toMatchInlineSnapshot(
    `"{"kind":"markdown","value":"#### Troupe workflow (stages.yaml)\\n\\nName of a declared input of the run.\\n\\nSource: [workflow.schema.json](file:///project/.troupe/schemas/workflow.schema.json)"}"`,
  );
});

it("finds nothing wrong with a sound file, and marks a misspelt key", async () => {
  const sound = documentAt("stages:\n  SPEC: { work_agent: pm, timeout: 5m }\n|").document;
  expect(await openEditor().doValidation(sound, false)).toEqual([]);
  const wrong = documentAt("stages:\n  SPEC: { work_agnet: pm }\n|").document;
  expect((await openEditor().doValidation(wrong, false)).map(({ message }) => message)).toMatchInlineSnapshot(`
    [
      "Property work_agnet is not allowed.",
    ]
  `);
});
