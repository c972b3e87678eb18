import { expect, it } from "vitest";
import { formatDiagnostics } from "./format-diagnostic.js";
import { formatJson } from "./format-json.js";
import { parseProjectFile } from "./parse-project-file.js";

function shown(text: string): string {
  const { diagnostics } = parseProjectFile(text, "troupe.yaml");
  const json = formatJson(diagnostics, []);
  expect(json).not.toContain("sk-ant");
  return formatDiagnostics(diagnostics, new Map([["troupe.yaml", text]]));
}

it.each([
  "secrets: [sk-ant-1]\nlimits: 5\n",
  "secrets: sk-ant-1\nlimits: 5\n",
  "secrets: { KEY: sk-ant-1 }\nlimits: 5\n",
  "secrets:\n  - { name: KEY, value: sk-ant-1 }\nlimits: 5\n",
  "secrets:\n  - name: KEY\n    value: sk-ant-1\nlimits: 5\n",
  "secrets:\n  - name: sk-ant-1\n    file: key\nlimits: 5\n",
  "secrets:\n  - |\n    BEGIN\n    sk-ant-1\nlimits: 5\n",
])("a value in the place of a secret's name is not shown: %j", (text) => {
  expect(shown(text)).toContain("limits must be a map");
  expect(shown(text)).not.toContain("sk-ant");
});

it("says what belongs there", () => {
  expect(
    shown("limits: 5\nsecrets: [KEY, sk-ant-1, { name: A, file: 3 }, { name: A, sk-ant: 1 }]\n"),
  ).toMatchInlineSnapshot(`
      "troupe.yaml:1:9 error CONFIG_INVALID: limits must be a map of limits, not 5
        1 | limits: 5
          |         ^

      troupe.yaml:2:16 error CONFIG_INVALID: secrets[2] must be the name of an environment variable
        hint: Write the name of the variable, not its value. The line is not shown, as it may hold a secret.

      troupe.yaml:2:43 error CONFIG_INVALID: secrets[3].file must be a path
        hint: Write the path of the file that holds the value. The line is not shown, as it may hold a secret.

      troupe.yaml:2:48 error CONFIG_INVALID: secrets[4] has no "file"
        hint: It must be a path. The line is not shown, as it may hold a secret.

      4 errors
      "
    `);
});
