import { expect, test } from "vitest";
import { createCli, OBJECTIVE, TWO_STAGE_FILES } from "../../test/cli-harness.js";

const ODD = {
  "a, b: 50%.yaml": "stages:\n  A: { work_agent: pm, naem: 'x: 5%, y' }\n",
  "plan/größe.md": "---\nskip: 5\n---\n# T\n",
};

test("--json is --format json: one document with counts, files and diagnostics", async () => {
  const cli = await createCli({ "objective.md": OBJECTIVE, "stages.yaml": "stages:\n  A: { work_agnet: x }\n" });
  const { code, stdout, stderr } = await cli.run("validate", "--json");
  expect({ code, stderr, document: JSON.parse(stdout) }).toMatchInlineSnapshot(`
    {
      "code": 3,
      "document": {
        "checked": [
          "stages.yaml",
        ],
        "diagnostics": [
          {
            "code": "CONFIG_INVALID",
            "column": 8,
            "endColumn": 18,
            "endLine": 2,
            "file": "stages.yaml",
            "hint": "did you mean "work_agent"?",
            "line": 2,
            "message": "unknown key "work_agnet" in stages.A",
            "severity": "error",
          },
        ],
        "errors": 1,
        "valid": false,
        "version": 1,
        "warnings": 0,
      },
      "stderr": "",
    }
  `);
  expect(await cli.run("validate", "--format", "json")).toEqual({ code, stdout, stderr });
  await cli.write("stages.yaml", TWO_STAGE_FILES["stages.yaml"] ?? "");
  const valid = await cli.run("validate", "--json");
  expect({ ...valid, stdout: JSON.parse(valid.stdout) }).toEqual({
    code: 0,
    stdout: { version: 1, valid: true, errors: 0, warnings: 0, checked: ["stages.yaml"], diagnostics: [] },
    stderr: "",
  });
});

test("--format github prints one escaped workflow command for each mistake", async () => {
  const cli = await createCli(ODD);
  expect(await cli.shown("validate", "--format", "github", ...Object.keys(ODD))).toMatchInlineSnapshot(`
    "exit 3
    --- stdout
    ::error file=a%2C b%3A 50%25.yaml,line=2,endLine=2,col=24,endColumn=27,title=CONFIG_INVALID::unknown key "naem" in stages.A%0Ahint: did you mean "name"?
    ::error file=plan/größe.md,line=2,endLine=2,col=7,endColumn=7,title=CONFIG_INVALID::skip must be a list of stage ids, not 5
    "
  `);
});

test("--format sarif prints one log with relative URIs", async () => {
  const cli = await createCli(ODD);
  const { code, stdout, stderr } = await cli.run("validate", "--format", "sarif", ...Object.keys(ODD));
  const log = JSON.parse(stdout.replace(/"semanticVersion": ".*"/, '"semanticVersion": "VERSION"'));
  expect({ code, stderr, log }).toMatchInlineSnapshot(`
    {
      "code": 3,
      "log": {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [
          {
            "artifacts": [
              {
                "location": {
                  "uri": "a%2C%20b%3A%2050%25.yaml",
                },
              },
              {
                "location": {
                  "uri": "plan/gr%C3%B6%C3%9Fe.md",
                },
              },
            ],
            "columnKind": "utf16CodeUnits",
            "invocations": [
              {
                "executionSuccessful": true,
              },
            ],
            "results": [
              {
                "level": "error",
                "locations": [
                  {
                    "physicalLocation": {
                      "artifactLocation": {
                        "index": 0,
                        "uri": "a%2C%20b%3A%2050%25.yaml",
                      },
                      "region": {
                        "endColumn": 28,
                        "endLine": 2,
                        "startColumn": 24,
                        "startLine": 2,
                      },
                    },
                  },
                ],
                "message": {
                  "text": "unknown key "naem" in stages.A - did you mean "name"?",
                },
                "ruleId": "CONFIG_INVALID",
                "ruleIndex": 0,
              },
              {
                "level": "error",
                "locations": [
                  {
                    "physicalLocation": {
                      "artifactLocation": {
                        "index": 1,
                        "uri": "plan/gr%C3%B6%C3%9Fe.md",
                      },
                      "region": {
                        "endColumn": 8,
                        "endLine": 2,
                        "startColumn": 7,
                        "startLine": 2,
                      },
                    },
                  },
                ],
                "message": {
                  "text": "skip must be a list of stage ids, not 5",
                },
                "ruleId": "CONFIG_INVALID",
                "ruleIndex": 0,
              },
            ],
            "tool": {
              "driver": {
                "name": "troupe",
                "rules": [
                  {
                    "defaultConfiguration": {
                      "level": "error",
                    },
                    "id": "CONFIG_INVALID",
                    "shortDescription": {
                      "text": "A file has mistakes.",
                    },
                  },
                ],
                "semanticVersion": "VERSION",
              },
            },
          },
        ],
        "version": "2.1.0",
      },
      "stderr": "",
    }
  `);
});

test("names in annotations are relative to the root of the repository", async () => {
  const cli = await createCli({ "sub/stages.yaml": "stages: 5\n" });
  const { stdout } = await cli.run("validate", "--format", "github", "--cwd", "sub");
  expect(stdout).toMatch(/^::error file=sub\/stages\.yaml,line=1,/);
  const environment = { GITHUB_WORKSPACE: `${cli.folder}/sub` };
  expect((await cli.runWith({ environment }, "validate", "--format", "github", "--cwd", "sub")).stdout).toMatch(
    /^::error file=stages\.yaml,line=1,/,
  );
  const elsewhere = await cli.runWith(
    { environment: { GITHUB_WORKSPACE: "/elsewhere" } },
    "validate",
    "--format",
    "sarif",
    "--cwd",
    "sub",
  );
  expect(elsewhere.stdout).toContain('"uri": "file://PROJECT/sub/stages.yaml"');
});

test("an unknown format is a mistake of usage", async () => {
  const cli = await createCli();
  expect(await cli.run("validate", "--format", "xml")).toMatchObject({ code: 2, stdout: "" });
});
