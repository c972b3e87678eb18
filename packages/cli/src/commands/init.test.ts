import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CLAUDE, CODEX, createProject, WITH_TESTS } from "../../test/agent-programs.js";

describe("where nobody can be asked", () => {
  test("it takes what is installed, leaves nothing out, and says what comes next", async () => {
    const cli = await createProject({ codex: CODEX, claude: CLAUDE }, WITH_TESTS);
    const { environment } = cli;
    expect(await cli.shownWith({ environment }, "init")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      wrote  troupe.yaml
      wrote  stages.yaml
      wrote  objective.md
      wrote  .gitignore
      wrote  .troupe/schemas
      --- stderr

      Agent: claude (also installed: codex).
      The command that decides: npm test (package.json scripts.test).

      Next:
        troupe run objective.md --dry-run  what would be started
        troupe run objective.md            start
      "
    `);
    expect(cli.read("troupe.yaml")).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=.troupe/schemas/project.schema.json
      # How Troupe works in this project. \`troupe validate\` finds mistakes, \`troupe doctor\` what is missing.

      # Who does the work: default performs every agent id of the workflow that has no line of its own.
      # It changes files and runs commands without asking; less: default: { plugin: NAME, access: edit }, or ask, readOnly.
      agents:
        default: claude
        # reviewer: NAME

      # What decides in the end: the acceptance stage runs these, and each must exit with 0 (package.json scripts.test).
      checks:
        - npm test

      # A run stops at its limits, and goes on with \`troupe resume\` and a higher one.
      # limits: { duration: 8h, cost: 20 }
      "
    `);
    expect(cli.read(".gitignore")).toBe("/.troupe/\n");
    const schemaLine = cli.read("stages.yaml").split("\n")[0];
    expect(schemaLine).toBe("# yaml-language-server: $schema=.troupe/schemas/workflow.schema.json");
    for (const name of ["workflow", "project", "objective"]) {
      expect(JSON.parse(cli.read(`.troupe/schemas/${name}.schema.json`))).toHaveProperty("$schema");
    }
    expect(await cli.shownWith({ environment }, "validate", "stages.yaml", "objective.md")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      Valid: troupe.yaml (project file), stages.yaml (workflow), objective.md (objective)
      "
    `);
  });

  test("without any agent it says how to install one, and writes files that are valid all the same", async () => {
    const cli = await createProject({});
    const { environment } = cli;
    expect(await cli.shownWith({ environment }, "init", "--yes")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      wrote  troupe.yaml
      wrote  stages.yaml
      wrote  objective.md
      wrote  .gitignore
      wrote  .troupe/schemas
      --- stderr

      No agent is installed; troupe.yaml names claude. To install one:
        claude: npm install -g @anthropic-ai/claude-code@2.1.330
        codex: npm install -g @openai/codex@0.169.0
        copilot: npm install -g @github/copilot@1.0.102
        gemini: npm install -g @google/gemini-cli@0.61.0
        opencode: npm install -g opencode-ai@1.18.33
        qwen: npm install -g @qwen-code/qwen-code@0.24.4
        aider: python3 -m pip install aider-chat==0.86.2
      No test command was found.

      First write into troupe.yaml the command that decides whether the work is done, for example:
        checks: [npm test]

      Next:
        troupe validate                    that what you have written is right
        troupe agents                      what is installed, and how to install the rest
        troupe run objective.md --dry-run  what would be started
        troupe run objective.md            start
      "
    `);
    expect(cli.read("troupe.yaml")).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=.troupe/schemas/project.schema.json
      # How Troupe works in this project. \`troupe validate\` finds mistakes, \`troupe doctor\` what is missing.

      # No agent was found when this was written; \`troupe agents\` says how to install one.
      # Who does the work: default performs every agent id of the workflow that has no line of its own.
      # It changes files and runs commands without asking; less: default: { plugin: NAME, access: edit }, or ask, readOnly.
      agents:
        default: claude
        # reviewer: NAME

      # What decides in the end: the acceptance stage runs these, and each must exit with 0.
      # checks:
      #   - npm test

      # A run stops at its limits, and goes on with \`troupe resume\` and a higher one.
      # limits: { duration: 8h, cost: 20 }
      "
    `);
    expect((await cli.runWith({ environment }, "validate")).code).toBe(0);
  });

  test("an agent that is named is taken, also one that is not installed; an unknown one is refused", async () => {
    const cli = await createProject({ claude: CLAUDE });
    const { environment } = cli;
    expect((await cli.runWith({ environment }, "init", "--agent", "gemini")).code).toBe(0);
    expect(cli.read("troupe.yaml")).toContain("\n  default: gemini\n");
    expect(await cli.shownWith({ environment }, "init", "--agent", "cladue")).toMatchInlineSnapshot(`
      "exit 2
      --- stderr
      error: --agent cladue is not an agent that init knows [USAGE]
      hint: Known: claude, codex, copilot, gemini, opencode, qwen, aider. Another can be written into troupe.yaml afterwards: troupe init --yes
      "
    `);
  });

  test("--json tells programs the same", async () => {
    const cli = await createProject({ claude: CLAUDE }, WITH_TESTS);
    const { stdout } = await cli.runWith({ environment: cli.environment }, "init", "--json");
    expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
      {
        "access": null,
        "agent": "claude",
        "check": "npm test",
        "dryRun": false,
        "files": [
          {
            "action": "written",
            "path": "troupe.yaml",
          },
          {
            "action": "written",
            "path": "stages.yaml",
          },
          {
            "action": "written",
            "path": "objective.md",
          },
          {
            "action": "written",
            "path": ".gitignore",
          },
          {
            "action": "written",
            "path": ".troupe/schemas/",
          },
        ],
        "folder": "PROJECT",
        "installed": [
          "claude",
        ],
        "next": [
          {
            "command": "troupe run objective.md --dry-run",
            "why": "what would be started",
          },
          {
            "command": "troupe run objective.md",
            "why": "start",
          },
        ],
        "version": 1,
      }
    `);
  });
});

describe("nothing that is there is touched", () => {
  test("--dry-run writes nothing and says what would be written", async () => {
    const cli = await createProject({ claude: CLAUDE }, { ".gitignore": "node_modules" });
    const { stdout } = await cli.runWith({ environment: cli.environment }, "init", "--dry-run");
    expect(stdout).toMatchInlineSnapshot(`
      "would write          troupe.yaml
      would write          stages.yaml
      would write          objective.md
      would add a line to  .gitignore
      would write          .troupe/schemas
      "
    `);
    expect(["troupe.yaml", "stages.yaml", "objective.md", ".troupe"].filter((name) => cli.has(name))).toEqual([]);
    expect(cli.read(".gitignore")).toBe("node_modules");
  });

  test("files stay as they are, a link that leads nowhere too; .gitignore gets its line once", async () => {
    const before = { "stages.yaml": "mine\n", ".gitignore": "node_modules" };
    const cli = await createProject({ claude: CLAUDE }, before);
    await symlink("nowhere", join(cli.folder, "objective.md"));
    const { environment } = cli;
    const first = await cli.runWith({ environment }, "init");
    expect(first.stdout).toMatchInlineSnapshot(`
      "wrote            troupe.yaml
      left alone       stages.yaml
      left alone       objective.md
      added a line to  .gitignore
      wrote            .troupe/schemas
      "
    `);
    const mine = cli.read("troupe.yaml");
    const second = await cli.runWith({ environment }, "init", "--agent", "codex");
    expect(second.stdout).toMatchInlineSnapshot(`
      "left alone  troupe.yaml
      left alone  stages.yaml
      left alone  objective.md
      left alone  .gitignore
      wrote       .troupe/schemas
      "
    `);
    expect([cli.read("stages.yaml"), cli.read(".gitignore"), cli.read("troupe.yaml")]).toEqual([
      "mine\n",
      "node_modules\n/.troupe/\n",
      mine,
    ]);
  });

  test("within a project it completes that project, and paths are told from where the person is", async () => {
    const cli = await createProject({ claude: CLAUDE }, { "troupe.yaml": "agents: { default: claude }\n" });
    await mkdir(join(cli.folder, ".git"));
    await mkdir(join(cli.folder, "src"));
    const changes = { environment: cli.environment, cwd: join(cli.folder, "src") };
    expect(await cli.shownWith(changes, "init")).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      left alone  ../troupe.yaml
      wrote       ../stages.yaml
      wrote       ../objective.md
      wrote       ../.gitignore
      wrote       ../.troupe/schemas
      --- stderr

      First write into ../troupe.yaml the command that decides whether the work is done, for example:
        checks: [npm test]

      Next:
        troupe validate                       that what you have written is right
        troupe run ../objective.md --dry-run  what would be started
        troupe run ../objective.md            start
      "
    `);
  });

  test("what it proposes for a project that is kept works: checks are asked for only where nothing else decides", async () => {
    const project = { "troupe.yaml": "agents: { default: claude }\n" };
    const acceptance = "stages:\n  A: { work_agent: a, artifacts: [], is_acceptance_test_stage: true";
    const firstRun = async (files: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<string> => {
      const cli = await createProject({ claude: CLAUDE }, { ...project, ...files });
      const { stdout } = await cli.runWith({ environment: cli.environment }, "init", "--json", ...flags);
      return String(JSON.parse(stdout).next.map(({ command }: { readonly command: string }) => command));
    };
    const plain = "troupe run objective.md --dry-run,troupe run objective.md";
    const given = `troupe validate,${plain}`;
    expect(await firstRun({})).toBe(given);
    expect(await firstRun({}, "--dry-run")).toBe(given);
    expect(await firstRun({ "stages.yaml": `${acceptance} }\n` })).toBe(given);
    expect(await firstRun({ "stages.yaml": `${acceptance}, checks: [npm test] }\n` })).toBe(plain);
    expect(await firstRun({ "stages.yaml": "stages:\n  A: { work_agent: a, artifacts: [] }\n" })).toBe(plain);
    expect(await firstRun({ "troupe.yaml": `${project["troupe.yaml"]}checks: [npm test]\n` })).toBe(plain);
    expect(await firstRun(WITH_TESTS)).toBe(plain);
    expect(await firstRun({ "stages.yaml": "mine\n" })).toBe(plain); // it has mistakes
    expect(await firstRun({ "stages.yaml/not-a-file.md": "" })).toBe(plain);
  });

  test("a project file with mistakes is left alone, and what finds them comes next", async () => {
    const cli = await createProject({ claude: CLAUDE }, { "troupe.yaml": "{" });
    const { stderr } = await cli.runWith({ environment: cli.environment }, "init");
    expect(stderr).toMatchInlineSnapshot(`
      "
      Next:
        troupe validate                    what is wrong in it
        troupe run objective.md --dry-run  what would be started
        troupe run objective.md            start
      "
    `);
  });

  test("a folder that cannot be written to is named", async () => {
    const cli = await createProject({ claude: CLAUDE }, { "troupe.yaml": "agents: { default: claude }\n" });
    await mkdir(join(cli.folder, ".gitignore")); // a folder where the file would be
    const shown = await cli.shownWith({ environment: cli.environment }, "init");
    expect(shown).toMatchInlineSnapshot(`
      "exit 6
      --- stderr
      error: PROJECT/.gitignore cannot be written: EISDIR: illegal operation on a directory, open 'PROJECT/.gitignore' [FILE_NOT_WRITTEN]
      hint: Name a folder that is yours: troupe init --cwd DIR
      "
    `);
  });
});
