import { describe, expect, test } from "vitest";
import { CLAUDE, CODEX, createProject, WITH_TESTS } from "../../test/agent-programs.js";

describe("the person is asked", () => {
  const asking = (answers: readonly string[], asked: string[]) => {
    const left = [...answers];
    return async (question: string): Promise<string> => {
      asked.push(question);
      return left.shift() ?? "";
    };
  };

  test("for the agent, what it may do and what decides, in plain lines with --plain", async () => {
    const cli = await createProject({ claude: CLAUDE, codex: CODEX }, WITH_TESTS);
    const asked: string[] = [];
    const changes = { environment: cli.environment, ask: asking(["5", "2", "2", "npm run test:all"], asked) };
    expect((await cli.runWith(changes, "init", "--plain")).code).toBe(0);
    expect(asked.join("\n").replaceAll(cli.folder, "PROJECT")).toMatchInlineSnapshot(`
      "Which agent does the work?
        1. claude (2.1.330, found PROJECT/bin/claude, logged in)
        2. codex (0.169.0, found PROJECT/bin/codex, not logged in)
      Number, or Enter for 1: 
      Which agent does the work?
        1. claude (2.1.330, found PROJECT/bin/claude, logged in)
        2. codex (0.169.0, found PROJECT/bin/codex, not logged in)
      Number, or Enter for 1: 
      What may it do without asking?
        1. Change files and run commands without asking (for a container, or a copy)
        2. Change files without asking (commands only as far as the agent allows them)
      Number, or Enter for 1: 
      Which command tests the project, and decides in the end? [npm test; - for none] "
    `);
    expect(cli.read("troupe.yaml")).toContain("\n  default: { plugin: codex, access: edit }\n");
    expect(cli.read("troupe.yaml")).toContain('\nchecks:\n  - "npm run test:all"\n');
    expect((await cli.runWith({ environment: cli.environment }, "validate")).code).toBe(0);
  });

  test("Enter takes what is proposed, and - leaves the command out", async () => {
    const cli = await createProject({ claude: CLAUDE }, WITH_TESTS);
    const changes = { environment: cli.environment, ask: asking(["", "", "-"], []) };
    expect((await cli.runWith(changes, "init", "--plain")).code).toBe(0);
    expect(cli.read("troupe.yaml")).toContain("\n  default: { plugin: claude, access: full }\n");
    expect(cli.read("troupe.yaml")).toContain("\n# checks:\n");
  });

  test("not with --yes or --no-input, and not of a project that has its file", async () => {
    const cli = await createProject({ claude: CLAUDE }, WITH_TESTS);
    const asked: string[] = [];
    const changes = { environment: cli.environment, ask: asking([], asked) };
    expect((await cli.runWith(changes, "init", "--yes", "--dry-run")).code).toBe(0);
    expect((await cli.runWith(changes, "init", "--no-input")).code).toBe(0);
    expect((await cli.runWith(changes, "init", "--plain")).code).toBe(0);
    expect(asked).toEqual([]);
  });

  test("a signal while a question is open leaves, and nothing is written", async () => {
    const cli = await createProject({ claude: CLAUDE }, WITH_TESTS);
    const ask = (_question: string, signal?: AbortSignal): Promise<string> =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        cli.signal("SIGTERM");
      });
    const { code, stderr } = await cli.runWith({ environment: cli.environment, ask }, "init", "--plain");
    expect({ code, stderr }).toEqual({ code: 143, stderr: "Nothing was written.\n" });
    expect(cli.has("troupe.yaml")).toBe(false);
  });
});
