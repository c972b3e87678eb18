import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCli, TWO_STAGE_FILES } from "../test/cli-harness.js";
import { readVersion } from "./version.js";

test("help and version are results", async () => {
  const cli = await createCli();
  expect(await cli.shown("--help")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Examples:
      troupe run objective.md                           perform the workflow on an objective
      troupe resume                                     go on with the newest unfinished run
      troupe status                                     what every stage is doing, true also after a crash
      troupe run objective.md --agent all=replay:FILE   play a recorded cassette instead of agents

    Stages take minutes to hours: start troupe in tmux, or leave it and look again with troupe status.

    Usage: troupe [options] [command]

    A durable runner for staged workflows of AI coding agents.

    Options:
      -V, --version                     output the version number
      --cwd <dir>                       work as if started there
      --config <file>                   project file instead of the nearest
                                        troupe.yaml
      --json                            machine-readable output; for run and resume
                                        one JSON object per event
      --plain                           one line per event instead of the live view
      --color                           colours although the output is no terminal
      --no-color                        no colours
      -q, --quiet                       no messages beside the result
      -v, --verbose                     more about errors
      --no-input                        never ask
      --yes                             answer every question with yes
      -h, --help                        display help for command

    Commands:
      run [options] [objective]         perform the workflow on an objective
      resume [options] [run]            go on with a run; finished stages are kept
      cancel [options] <run>            end a run, also when its process is dead; it
                                        goes on only with resume --yes
      answer <run> [id] [text...]       answer an agent of a run without a terminal;
                                        without an answer: what is asked
      repair [options] <run>            make a new run of what is sound in a damaged
                                        one, which stays as it is
      status [run]                      show a run; takes nothing and is true after
                                        a crash
      why [options] <stage> [run]       say whether a resume would keep or run a
                                        stage, and because of what
      list                              list all runs, newest first
      logs [options] [run] [stage]      print what the agents and commands of a run
                                        wrote
      agents                            show the configured agents and the known
                                        ones: installed or not, version, login;
                                        calls no model
      doctor                            look at all that a run needs, and say what
                                        to type for each problem; calls no model
      watch [run]                       show a run live from any terminal, from its
                                        first event on; takes nothing
      show [run] [stage]                show all that is known of a run or of one of
                                        its stages: turns, verdicts, checks,
                                        artifacts, answers
      artifacts [options] [run] [name]  list the files that a run's stages left, or
                                        print one of them
      graph [options]                   draw the workflow, or that of a run with the
                                        state of each stage
      approve [options] <run> <stage>   approve the result that a stage waits with
                                        (approval: true in stages.yaml)
      reject [options] <run> <stage>    send the result that a stage waits with back
                                        to its agent; it waits again when that is
                                        done
      report [options] [run]            report on a run, under way, dead or
                                        finished: outcome, timeline, reviews,
                                        artifacts, cost
      init [options]                    write troupe.yaml, stages.yaml and a sample
                                        objective.md; what is there is left alone
      validate [options] [files...]     check workflow, project file and objectives;
                                        exit code 3 with every mistake, its line and
                                        the fix
      schema [options] [file]           print the JSON Schema of a file, for
                                        editors, or of what a command prints with
                                        --json
      import [options] <path>           make a run of what TeamBot left, to go on
                                        with it; its files are only read
      notify [options] [hooks...]       show who is told of runs and what is
                                        missing; --test tells them something
      clean [options] [runs...]         remove runs that are over, with their logs
                                        and artifacts; asks first
      config [key]                      show every value that is in force, and
                                        whether a flag, the environment, a file or a
                                        default gave it
      completion <shell>                print what teaches a shell to complete
                                        commands, options, run ids and stage names
      help [command]                    display help for command
    "
  `);
  expect(await cli.shown("help", "cancel")).toBe(await cli.shown("cancel", "--help"));
  expect(readVersion()).toMatch(/^\d+\.\d+\.\d+/);
  expect(await cli.run("--version")).toEqual({ code: 0, stdout: `${readVersion()}\n`, stderr: "" });
});

test("what is not understood is exit 2, on stderr", async () => {
  const cli = await createCli();
  const nothing = await cli.run();
  expect({ code: nothing.code, stdout: nothing.stdout }).toEqual({ code: 2, stdout: "" });
  const refusals: unknown[] = [];
  for (const args of [
    ["rum"],
    ["run", "--fast"],
    ["cancel"],
    ["run", "a.md", "b.md"],
    ["--cwd"],
    ["status", "a", "b"],
  ]) {
    const { code, stdout, stderr } = await cli.run(...args);
    refusals.push([args.join(" "), code, stdout, stderr.split("\n")[0]]);
  }
  expect(refusals).toMatchInlineSnapshot(`
    [
      [
        "rum",
        2,
        "",
        "error: unknown command 'rum'",
      ],
      [
        "run --fast",
        2,
        "",
        "error: unknown option '--fast'",
      ],
      [
        "cancel",
        2,
        "",
        "error: missing required argument 'run'",
      ],
      [
        "run a.md b.md",
        2,
        "",
        "error: too many arguments for 'run'. Expected 1 argument but got 2: a.md, b.md.",
      ],
      [
        "--cwd",
        2,
        "",
        "error: option '--cwd <dir>' argument missing",
      ],
      [
        "status a b",
        2,
        "",
        "error: too many arguments for 'status'. Expected 1 argument but got 2: a, b.",
      ],
    ]
  `);
});

test("global flags count before and after the command", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await cli.run("run", "objective.md");
  const status = await cli.run("status", "--json");
  expect(await cli.run("--json", "status")).toEqual(status);
  expect(JSON.parse(status.stdout).status).toBe("succeeded");
  const outside = { cwd: "/" };
  expect(await cli.runWith(outside, "--cwd", cli.folder, "status", "--json")).toEqual(status);
  expect(await cli.runWith(outside, "status", "--json", "--cwd", cli.folder)).toEqual(status);
});

test("--no-input does not stand in the way of --input", async () => {
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "stages.yaml": `${TWO_STAGE_FILES["stages.yaml"]}inputs: { ticket: {} }\n`,
  });
  expect((await cli.run("run", "--no-input", "objective.md", "--input", "ticket=5")).code).toBe(0);
});

test("--cwd that is no folder is refused", async () => {
  const cli = await createCli({ "a-file": "" });
  for (const command of ["status", "validate"]) {
    expect(await cli.shown(command, "--cwd", "a-file")).toBe(
      "exit 3\n--- stderr\nerror: there is no folder PROJECT/a-file to work in [FILE_NOT_FOUND]\nhint: Check --cwd.\n",
    );
  }
  expect((await cli.run("run", "-m", "Do it", "--cwd", "nowhere")).code).toBe(3);
});

test("the project is found from a subfolder of its repository", async () => {
  const cli = await createCli(TWO_STAGE_FILES);
  await mkdir(join(cli.folder, ".git"));
  await mkdir(join(cli.folder, "src/deep"), { recursive: true });
  const inside = { cwd: join(cli.folder, "src/deep") };
  expect((await cli.runWith(inside, "run", "../../objective.md")).code).toBe(0);
  expect(cli.runs()).toHaveLength(1);
  expect((await cli.runWith(inside, "status")).stdout).toContain("succeeded");
});

test("state without a project file is found too, and a subfolder's own project goes first", async () => {
  const cli = await createCli({ "sub/troupe.yaml": "", "sub/inner/file": "" });
  await mkdir(join(cli.folder, ".git"));
  await mkdir(join(cli.folder, ".troupe/runs"), { recursive: true });
  const lines = async (cwd: string) =>
    (
      await cli.runWith(
        { cwd: join(cli.folder, cwd) },
        "run",
        "-m",
        "Do it",
        "--dry-run",
        "--check",
        "true",
        "--agent",
        "all=x",
      )
    ).stdout.split("\n")[2];
  await mkdir(join(cli.folder, "other"));
  expect(await lines("other")).toBe("Working folder: PROJECT");
  expect(await lines("sub/inner")).toBe("Working folder: PROJECT/sub");
});

test("outside of a repository only the folder itself counts", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "sub/objective.md": "Do it\n" });
  const { code } = await cli.runWith({ cwd: join(cli.folder, "sub") }, "run", "objective.md");
  expect(code).toBe(3); // the built-in workflow without checks: the files above are not looked at
});

test("a project file given by hand decides where the project is", async () => {
  const cli = await createCli({
    "objective.md": TWO_STAGE_FILES["objective.md"] ?? "",
    "conf/my.yaml": TWO_STAGE_FILES["troupe.yaml"] ?? "",
    "conf/stages.yaml": TWO_STAGE_FILES["stages.yaml"] ?? "",
    "conf/tape.jsonl": TWO_STAGE_FILES["tape.jsonl"] ?? "",
  });
  expect((await cli.run("run", "objective.md", "--config", "conf/my.yaml")).code).toBe(0);
  expect(cli.has("conf/.troupe/runs")).toBe(true);
  expect(cli.has(".troupe")).toBe(false);
});
