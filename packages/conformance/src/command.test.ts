import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { projectWith, SELF, smallStore } from "../test/readme-store.js";
import { runCommand } from "./command/run-command.js";

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...argv: readonly string[]): Promise<Ended> {
  const texts = { stdout: "", stderr: "" };
  const exitCode = await runCommand(argv, {
    stdout: (text) => {
      texts.stdout += text;
    },
    stderr: (text) => {
      texts.stderr += text;
    },
    self: SELF,
  });
  return { exitCode, ...texts };
}

const OPTIONS = `options: { "~standard": { version: 1, vendor: "t", validate: (value) => value.bad ? { issues: [{ message: "is bad", path: ["bad"] }] } : { value } } }`;
const plugin = (kind: string, create: string, apiVersion = 1): string =>
  `export default { kind: "${kind}", name: "t", apiVersion: ${apiVersion}, ${OPTIONS}, create: ${create} };\n`;

const EXECUTOR = plugin(
  "executor",
  `({ concurrency }, { runner }) => ({
    capacity: concurrency,
    execute: (task, context) => runner.run(task, context),
  })`,
);
const REPORTER = plugin(
  "reporter",
  "(_, { streams }) => ({ report: ({ message }) => message && streams.stdout.write(message) })",
);
const AGENT = plugin(
  "agent",
  `() => ({
    run: async ({ prompt }, { output }) => { output(Buffer.from(prompt)); return { output: prompt, session: null, usage: null }; },
    close: async () => {},
  })`,
);

test("the store of the README passes all cases, also those that kill processes, from a shell", {
  timeout: 180_000,
}, async () => {
  const module = await smallStore();
  const [program = "", ...args] = SELF;
  const { stdout } = await promisify(execFile)(program, [...args, "store", "./small-store.kit.js"], {
    cwd: dirname(module),
  });
  const lines = stdout.trimEnd().split("\n");
  expect(lines.filter((line) => !line.startsWith("ok       "))).toEqual([
    "skipped  tells a watcher of entries that came before it began to watch: the engine reads once a second instead",
    "skipped  tells a watcher of entries as they come: the engine reads once a second instead",
    "skipped  tells a watcher of another handle's entries: the engine reads once a second instead",
    "skipped  ends a watch when its signal aborts, also while nothing happens: the engine reads once a second instead",
    "55 cases: 51 ok, 0 failed, 4 skipped",
  ]);
});

describe("what the module does not say", () => {
  test("a store without subject fails the cases that need it, and is told what to offer", async () => {
    const module = (await smallStore()).replace("small-store.kit.js", "small-store.js");
    expect(await run("store", module, "--only", "appends nothing")).toEqual({
      exitCode: 1,
      stderr: "",
      stdout: `FAILED   appends nothing to a damaged run
         rule     StateStore.append: \`JOURNAL_CORRUPT\`
         what     the subject has no damage: offer it, or give the reason why not
1 case: 0 ok, 1 failed, 0 skipped
`,
    });
  });

  test("an executor gets its limit as concurrency, and may say why a case is left out", async () => {
    const name = "has the runner end what an earlier owner left, and attaches only when that is over";
    const folder = await projectWith({
      "plain.js": EXECUTOR,
      "skips.js": `${EXECUTOR}export const subject = { options: (n) => ({ concurrency: n }), skip: { "${name}": "it ends with us" } };`,
    });
    expect((await run("executor", join(folder, "plain.js"), "--only", "its own result")).stdout).toBe(
      "ok       gives each task its own result, in whatever order the turns end\n1 case: 1 ok, 0 failed, 0 skipped\n",
    );
    expect((await run("executor", join(folder, "skips.js"), "--only", name)).stdout).toBe(
      `skipped  ${name}: it ends with us\n1 case: 0 ok, 0 failed, 1 skipped\n`,
    );
  });

  test("an agent gets the prompts that its module names", async () => {
    const subject = `export const subject = { request: { prompt: "say ready" } };`;
    const folder = await projectWith({ "agent.js": `${AGENT}${subject}` });
    expect((await run("agent", join(folder, "agent.js"), "--only", "answers a prompt")).stdout).toBe(
      "ok       answers a prompt with a text, and tells only the usage that it knows\n1 case: 1 ok, 0 failed, 0 skipped\n",
    );
  });

  test("a reporter is tried on a terminal and into a pipe, and what it writes is looked at", async () => {
    const folder = await projectWith({ "reporter.js": REPORTER });
    const { exitCode, stdout } = await run("reporter", join(folder, "reporter.js"), "--only", "control sequence");
    expect([exitCode, stdout.match(/^FAILED .*$/gm)]).toEqual([
      1,
      [
        "FAILED   on a terminal: passes on no control sequence from names, output, errors or notices",
        "FAILED   into a pipe: passes on no control sequence from names, output, errors or notices",
      ],
    ]);
  });
});

test("an error that nobody waits for fails its case", async () => {
  const create = `() => ({ report: () => { Promise.reject(new Error("lost")); }, close: () => new Promise((end) => setTimeout(end, 20)) })`;
  const folder = await projectWith({ "loose.js": plugin("reporter", create) });
  const { stdout } = await run("reporter", join(folder, "loose.js"), "--only", "into a pipe: takes notices");
  expect(stdout).toBe(`FAILED   into a pipe: takes notices of every level, before there is a run too
         rule     ProgressReporter: Never throws
         got      Error: lost
1 case: 0 ok, 1 failed, 0 skipped
`);
});

describe("what cannot be run ends with exit code 2 and says what to do", () => {
  const MODULES = {
    "executor.js": EXECUTOR,
    "empty.js": "export const nothing = 1;",
    "broken.js": "throw new Error('at once');",
    "old.js": plugin("store", "() => ({})", 0),
    "null.js": `${EXECUTOR}export const subject = 7;`,
    "typo.js": `${EXECUTOR}export const subject = { skips: {} };`,
    "type.js": `${EXECUTOR}export const subject = { skip: () => ({}) };`,
    "reason.js": `${EXECUTOR}export const subject = { skip: { "closes when its turns have settled": " " } };`,
    "lacks.js": `${plugin("store", "() => ({})")}export const subject = { lacks: { speed: "slow" } };`,
  };
  test.for<readonly [string, readonly string[]]>([
    ["no kind", []],
    ["an unknown kind", ["runner", "./x.js"]],
    ["no module", ["store"]],
    ["too much", ["store", "./x.js", "./y.js"]],
    ["an unknown option", ["store", "./x.js", "--fast"]],
    ["options that are not JSON", ["store", "./x.js", "--options", "{a}"]],
    ["no such file", ["store", "DIR/none.js"]],
    ["no such package", ["store", "troupe-no-such-package"]],
    ["a module that throws", ["store", "DIR/broken.js"]],
    ["a module without a plugin", ["store", "DIR/empty.js"]],
    ["a plugin of another kind", ["store", "DIR/executor.js"]],
    ["another version of the interface", ["store", "DIR/old.js"]],
    ["refused options", ["executor", "DIR/executor.js", "--options", '{"bad":true}']],
    ["a subject that is none", ["executor", "DIR/null.js"]],
    ["an unknown key of the subject", ["executor", "DIR/typo.js"]],
    ["a subject of the wrong type", ["executor", "DIR/type.js"]],
    ["a skip without a reason", ["executor", "DIR/reason.js"]],
    ["an unknown ability", ["store", "DIR/lacks.js"]],
    ["no such case", ["executor", "DIR/executor.js", "--only", "never heard of"]],
  ])("%s", async ([, argv]) => {
    const folder = await projectWith(MODULES);
    const { exitCode, stdout, stderr } = await run(...argv.map((arg) => arg.replace("DIR", folder)));
    expect([exitCode, stdout]).toEqual([2, ""]);
    const said = stderr.replaceAll(folder, "DIR").replaceAll(process.cwd(), "CWD");
    expect(
      said.replace(/(is not JSON: ).*/, "$1...").replace(/(no-such-package could not be loaded: ).*/, "$1..."),
    ).toMatchSnapshot();
  });

  test("help is no error", async () => {
    const { exitCode, stdout } = await run("--help");
    expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "usage: troupe-conformance KIND MODULE [options]"]);
  });
});
