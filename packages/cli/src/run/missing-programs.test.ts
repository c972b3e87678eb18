import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, type TestCli } from "../../test/cli-harness.js";

const STAGES = `stages:
  BUILD:
    work_agent: worker
    artifacts: []
    checks:
      - no-such-program --all
      - [./scripts/also-not-there.sh, "a b"]
      - ./scripts/not-executable.sh
      - cd scripts && no-such-program
      - A=1 no-such-program
      - "test -d ."
      - tool --version
  ACCEPT:
    work_agent: worker
    is_acceptance_test_stage: true
    artifacts: []
`;

async function createProject(): Promise<TestCli> {
  const cli = await createCli({
    "stages.yaml": STAGES,
    "objective.md": OBJECTIVE,
    "tape.jsonl": cassette({ stage: "BUILD" }, { stage: "ACCEPT" }),
    "troupe.yaml": "agents: { default: [replay, { cassette: tape.jsonl }] }\nchecks: [neither-this]\n",
    "scripts/not-executable.sh": "#!/bin/sh\n",
    "bin/tool": "#!/bin/sh\n",
    "bin/git": "#!/bin/sh\necho git version 2.50.0\n",
  });
  await mkdir(join(cli.folder, ".git"), { recursive: true });
  for (const name of ["tool", "git"]) await chmod(join(cli.folder, "bin", name), 0o755);
  return cli;
}

test("checks whose program is not there are warned of before anything is started, and not refused", async () => {
  const cli = await createProject();
  const environment = { PATH: join(cli.folder, "bin") };
  const shown = await cli.shownWith({ environment }, "run", "objective.md", "--dry-run");
  expect(shown.slice(shown.indexOf("--- stderr"))).toMatchInlineSnapshot(`
    "--- stderr
    stages.yaml:6:9 warning WORKFLOW_INVALID: checks of BUILD: no-such-program cannot be started: it is not on PATH
      5 |     checks:
      6 |       - no-such-program --all
        |         ^
      hint: Correct its name, or install it, unless a stage before it makes it; see what is there: command -v no-such-program

    stages.yaml:7:9 warning WORKFLOW_INVALID: checks of BUILD: ./scripts/also-not-there.sh cannot be started: there is no such file
      6 |       - no-such-program --all
      7 |       - [./scripts/also-not-there.sh, "a b"]
        |         ^
      hint: Correct its path, unless a stage before it makes it; see what is there: command -v ./scripts/also-not-there.sh

    stages.yaml:8:9 warning WORKFLOW_INVALID: checks of BUILD: ./scripts/not-executable.sh cannot be started: it is not executable
      7 |       - [./scripts/also-not-there.sh, "a b"]
      8 |       - ./scripts/not-executable.sh
        |         ^
      hint: Make it executable: chmod +x ./scripts/not-executable.sh

    troupe.yaml:2:10 warning CONFIG_INVALID: checks: neither-this cannot be started: it is not on PATH
      1 | agents: { default: [replay, { cassette: tape.jsonl }] }
      2 | checks: [neither-this]
        |          ^
      hint: Correct its name, or install it, unless a stage before it makes it; see what is there: command -v neither-this

    4 warnings
    "
  `);
  expect(shown).toContain("Nothing was started.");
});

test("without a search path nothing is known of programs", async () => {
  const cli = await createProject();
  const shown = await cli.shownWith({ environment: {} }, "run", "objective.md", "--dry-run");
  expect(shown).not.toContain("warning");
});

test("doctor tells of them beside the workflow", async () => {
  const cli = await createProject();
  const shown = await cli.shownWith({ environment: { PATH: join(cli.folder, "bin") } }, "doctor");
  expect(shown.split("\n").filter((line) => /no-such|also-not|not-exec|neither/.test(line))).toMatchInlineSnapshot(`
    [
      "warning  workflow       stages.yaml:6:9 checks of BUILD: no-such-program cannot be started: it is not on PATH; stages.yaml:7:9 checks of BUILD: ./scripts/also-not-there.sh cannot be started: there is no such file; stages.yaml:8:9 checks of BUILD: ./scripts/not-executable.sh cannot be started: it is not executable; troupe.yaml:2:10 checks: neither-this cannot be started: it is not on PATH",
      "                        Correct its name, or install it, unless a stage before it makes it; see what is there: command -v no-such-program",
      "                        Correct its path, unless a stage before it makes it; see what is there: command -v ./scripts/also-not-there.sh",
      "                        Make it executable: chmod +x ./scripts/not-executable.sh",
      "                        Correct its name, or install it, unless a stage before it makes it; see what is there: command -v neither-this",
    ]
  `);
});

test("what a shell does itself is no program, nor is a function, nor what a skipped stage would have started", async () => {
  const cli = await createProject();
  const stages = `stages:
  BUILD:
    work_agent: worker
    artifacts: []
    checks: [pushd . && popd, "declare -x A=1", "let x=1+1", "look () { true; }; look", "shopt -s globstar"]
  POLISH:
    work_agent: worker
    optional: true
    artifacts: []
    checks: [no-such-program]
  ACCEPT:
    work_agent: worker
    is_acceptance_test_stage: true
    artifacts: []
    checks: [tool]
`;
  await writeFile(join(cli.folder, "stages.yaml"), stages);
  const environment = { PATH: join(cli.folder, "bin") };
  const shown = await cli.shownWith({ environment }, "run", "objective.md", "--dry-run", "--skip", "POLISH");
  expect(shown).toContain("Nothing was started.");
  expect(shown).not.toContain("warning");
  expect(await cli.shownWith({ environment }, "run", "objective.md", "--dry-run")).toContain("\n1 warning\n");
});

test("commands in the hints mean the program, whatever is in its name", async () => {
  const cli = await createProject();
  const stages = `stages:
  BUILD:
    work_agent: worker
    artifacts: []
    checks:
      - ["$(touch pwned)"]
      - ["./my scripts/run.sh"]
      - [./my scripts]
      - [./scripts]
  ACCEPT:
    work_agent: worker
    is_acceptance_test_stage: true
    artifacts: []
    checks: [tool]
`;
  await mkdir(join(cli.folder, "my scripts"));
  await writeFile(join(cli.folder, "my scripts", "run.sh"), "#!/bin/sh\n");
  await writeFile(join(cli.folder, "stages.yaml"), stages);
  const shown = await cli.shownWith(
    { environment: { PATH: join(cli.folder, "bin") } },
    "run",
    "objective.md",
    "--dry-run",
  );
  const told = shown.split("\n").filter((line) => /^stages.yaml:|^ {2}hint:/.test(line));
  expect(told).toMatchInlineSnapshot(`
    [
      "stages.yaml:6:9 warning WORKFLOW_INVALID: checks of BUILD: $(touch pwned) cannot be started: it is not on PATH",
      "  hint: Correct its name, or install it, unless a stage before it makes it; see what is there: command -v '$(touch pwned)'",
      "stages.yaml:7:9 warning WORKFLOW_INVALID: checks of BUILD: ./my scripts/run.sh cannot be started: it is not executable",
      "  hint: Make it executable: chmod +x './my scripts/run.sh'",
      "stages.yaml:8:9 warning WORKFLOW_INVALID: checks of BUILD: ./my scripts cannot be started: it is a folder",
      "  hint: Correct its path, unless a stage before it makes it; see what is there: command -v './my scripts'",
      "stages.yaml:9:9 warning WORKFLOW_INVALID: checks of BUILD: ./scripts cannot be started: it is a folder",
      "  hint: Correct its path, unless a stage before it makes it; see what is there: command -v ./scripts",
    ]
  `);
});
