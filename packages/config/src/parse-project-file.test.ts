import { describe, expect, it } from "vitest";
import { formatDiagnostics } from "./format-diagnostic.js";
import { parseProjectFile } from "./parse-project-file.js";
import { EMPTY_PROJECT } from "./project-config.js";

describe("parseProjectFile", () => {
  it("reads every key", () => {
    const text = `workflow: flow/stages.yaml
store: "@troupe/store-fs"
executor: ["@troupe/executor-parallel", { concurrency: 3 }]
reporters:
  - "@troupe/progress-console"
  - [./reporter.js]
agents:
  default: "@troupe/agent-command"
  pm: ["@troupe/agent-command", { command: [pm-cli, -p] }]
  reviewer:
    plugin: "@troupe/agent-command"
    options: { command: [r] }
    persona: reviewer
    model: big
    env: { LANG: C, TOKEN: { from: TOKEN } }
    access: full
  ba: { plugin: [x, 1], access: ask }
checks: [npm test, [node, --test]]
secrets: [TOKEN, { name: KEY, file: keys/k.pem }]
limits: { duration: 30m }
notify:
`;
    expect(parseProjectFile(text, "troupe.yaml")).toMatchInlineSnapshot(`
      {
        "diagnostics": [],
        "locate": [Function],
        "project": {
          "agents": [
            {
              "access": null,
              "env": {},
              "id": "default",
              "model": null,
              "persona": null,
              "plugin": {
                "column": 12,
                "line": 8,
                "name": "@troupe/agent-command",
                "options": undefined,
              },
            },
            {
              "access": null,
              "env": {},
              "id": "pm",
              "model": null,
              "persona": null,
              "plugin": {
                "column": 8,
                "line": 9,
                "name": "@troupe/agent-command",
                "options": {
                  "command": [
                    "pm-cli",
                    "-p",
                  ],
                },
              },
            },
            {
              "access": "full",
              "env": {
                "LANG": "C",
                "TOKEN": {
                  "from": "TOKEN",
                },
              },
              "id": "reviewer",
              "model": "big",
              "persona": "reviewer",
              "plugin": {
                "column": 13,
                "line": 11,
                "name": "@troupe/agent-command",
                "options": {
                  "command": [
                    "r",
                  ],
                },
              },
            },
            {
              "access": "ask",
              "env": {},
              "id": "ba",
              "model": null,
              "persona": null,
              "plugin": {
                "column": 18,
                "line": 17,
                "name": "x",
                "options": 1,
              },
            },
          ],
          "checks": [
            {
              "shell": "npm test",
            },
            {
              "argv": [
                "node",
                "--test",
              ],
            },
          ],
          "executor": {
            "column": 12,
            "line": 3,
            "name": "@troupe/executor-parallel",
            "options": {
              "concurrency": 3,
            },
          },
          "limits": {
            "durationMs": 1800000,
          },
          "notify": [],
          "reporters": [
            {
              "column": 5,
              "line": 5,
              "name": "@troupe/progress-console",
              "options": undefined,
            },
            {
              "column": 6,
              "line": 6,
              "name": "./reporter.js",
              "options": undefined,
            },
          ],
          "secrets": [
            {
              "file": null,
              "name": "TOKEN",
            },
            {
              "file": "keys/k.pem",
              "name": "KEY",
            },
          ],
          "store": {
            "column": 8,
            "line": 2,
            "name": "@troupe/store-fs",
            "options": undefined,
          },
          "workflow": "flow/stages.yaml",
        },
      }
    `);
  });

  it("takes an empty file for one that says nothing", () => {
    const { project, diagnostics } = parseProjectFile("# later\n", "troupe.yaml");
    expect({ project, diagnostics }).toEqual({ project: EMPTY_PROJECT, diagnostics: [] });
    expect(parseProjectFile("reporters: []\nagents:\n", "troupe.yaml").project).toEqual({
      ...EMPTY_PROJECT,
      reporters: [],
    });
  });

  it("reports all mistakes with their places", () => {
    const text = `workflow: 5
stor: x
store: { name: x }
reporters: [[], console]
agents:
  my agent: x
  a: { plugin: x, acces: full }
  b: { persona: x }
  c: { plugin: [x, {}], options: {} }
  d: { plugin: x, env: { "A-B": c, E: 1 }, access: all }
  e: 5
checks: [[""]]
secrets: [sk-12345]
limits: { duration: 0s, cost: 0, tokens: 1.5 }
`;
    const { project, diagnostics } = parseProjectFile(text, "troupe.yaml");
    expect(project).toBeNull();
    expect(formatDiagnostics(diagnostics, new Map([["troupe.yaml", text]]))).toMatchInlineSnapshot(`
      "troupe.yaml:1:11 error CONFIG_INVALID: workflow must be a text, not 5
        1 | workflow: 5
          |           ^
        hint: Put it in quotes: "5".

      troupe.yaml:2:1 error CONFIG_INVALID: unknown key "stor"
        1 | workflow: 5
        2 | stor: x
          | ^^^^
        hint: did you mean "store"?

      troupe.yaml:3:8 error CONFIG_INVALID: store must be a plugin: its name, or a list of name and options, not a map
        2 | stor: x
        3 | store: { name: x }
          |        ^^^^^^^^^^^

      troupe.yaml:4:13 error CONFIG_INVALID: reporters[1] must be a plugin: its name, or a list of name and options, not an empty list
        3 | store: { name: x }
        4 | reporters: [[], console]
          |             ^^

      troupe.yaml:6:3 error CONFIG_INVALID: "my agent" is not an agent id
        5 | agents:
        6 |   my agent: x
          |   ^^^^^^^^
        hint: An id has letters, digits, . _ - and at most 64 of them; it starts with a letter or a digit.

      troupe.yaml:7:19 error CONFIG_INVALID: unknown key "acces" in agents.a
        6 |   my agent: x
        7 |   a: { plugin: x, acces: full }
          |                   ^^^^^
        hint: did you mean "access"?

      troupe.yaml:8:3 error CONFIG_INVALID: agents.b has no "plugin"
        7 |   a: { plugin: x, acces: full }
        8 |   b: { persona: x }
          |   ^
        hint: It must be a plugin: its name, or a list of name and options.

      troupe.yaml:9:25 error CONFIG_INVALID: agents.c gives options twice: in plugin and in options
        8 |   b: { persona: x }
        9 |   c: { plugin: [x, {}], options: {} }
          |                         ^^^^^^^
        hint: Remove one of them.

      troupe.yaml:10:26 error CONFIG_INVALID: "A-B" is not the name of an environment variable
         9 |   c: { plugin: [x, {}], options: {} }
        10 |   d: { plugin: x, env: { "A-B": c, E: 1 }, access: all }
           |                          ^^^^^
        hint: It has letters, digits and _.

      troupe.yaml:10:39 error CONFIG_INVALID: agents.d.env.E must be a text, or a map with from: the name of an environment variable or of a secret, not 1
         9 |   c: { plugin: [x, {}], options: {} }
        10 |   d: { plugin: x, env: { "A-B": c, E: 1 }, access: all }
           |                                       ^
        hint: Put it in quotes: "1".

      troupe.yaml:10:52 error CONFIG_INVALID: agents.d.access must be "readOnly", "ask", "edit" or "full", not "all"
         9 |   c: { plugin: [x, {}], options: {} }
        10 |   d: { plugin: x, env: { "A-B": c, E: 1 }, access: all }
           |                                                    ^^^

      troupe.yaml:11:6 error CONFIG_INVALID: agents.e must be a plugin (its name, or a list of name and options) or a map with a plugin, not 5
        10 |   d: { plugin: x, env: { "A-B": c, E: 1 }, access: all }
        11 |   e: 5
           |      ^

      troupe.yaml:12:11 error CONFIG_INVALID: checks[1][1] must be the name of a program, not ""
        11 |   e: 5
        12 | checks: [[""]]
           |           ^^

      troupe.yaml:13:11 error CONFIG_INVALID: secrets[1] must be the name of an environment variable
        hint: Write the name of the variable, not its value. The line is not shown, as it may hold a secret.

      troupe.yaml:14:21 error CONFIG_INVALID: limits.duration must be a duration like "90s", "15m" or "2h", longer than nothing and at most 365d, not "0s"
        hint: The line is not shown, as the one above may hold a secret.

      troupe.yaml:14:31 error CONFIG_INVALID: limits.cost must be an amount in US dollars, more than 0, not 0
        hint: The line is not shown, as the one above may hold a secret.

      troupe.yaml:14:42 error CONFIG_INVALID: limits.tokens must be a whole number from 1 to 9007199254740991, not 1.5
        hint: The line is not shown, as the one above may hold a secret.

      17 errors
      "
    `);
  });

  it("refuses what is no text", () => {
    expect(
      parseProjectFile("a: \ud800", "t").diagnostics.map(({ message, line, column }) => [message, line, column]),
    ).toEqual([["the text has half of a character (a lone surrogate)", 1, 4]]);
    expect(parseProjectFile("[".repeat(100), "t").project).toBeNull();
  });
});
