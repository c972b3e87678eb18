import { expect, test } from "vitest";
import { cassette, createCli, OBJECTIVE, pluginModule } from "../../test/cli-harness.js";
import { PAYLOADS, unsafeIn } from "../../test/escape-payloads.js";
import { guardHost } from "../host/guarded-host.js";

const ALL = PAYLOADS.map((payload, n) => `<${n}>${payload}</${n}>`).join(" ");
const text = JSON.stringify(ALL);

/** As YAML wants such letters: a file with the letters themselves is refused. */
function quoted(words: string): string {
  return JSON.stringify(words).replace(/[^ -~]/gu, (letter) => {
    const code = letter.codePointAt(0)?.toString(16) ?? "";
    return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
  });
}
const ARGUMENT = quoted(ALL.replaceAll("\u0000", ""));

/** Prints all payloads, in pieces of three letters and in bytes that are no UTF-8, and tells them in every other way. */
const HOSTILE_AGENT = pluginModule(
  "agent",
  `(options, host) => ({
    async run(request, context) {
      const all = ${text};
      for (let at = 0; at < all.length; at += 3) context.output(Buffer.from(all.slice(at, at + 3)));
      context.output(Uint8Array.of(0xc0, 0x9b, 0xe0, 0x80, 0x9b, 0x9b, 0x33, 0x31, 0x6d, 0xff));
      context.output(Buffer.from("\\n" + all + "\\n"));
      context.logger.warn(all);
      host.logger.warn(all);
      host.streams.stderr.write(all + "\\n");
      host.streams.stdout.write("");
      const fs = process.getBuiltinModule("node:fs");
      fs.writeFileSync(request.artifactsFolder + "/odd \\u001b]0;PWNED\\u0007\\u202e.md", all);
      if (request.stage === "BREAKS") throw new Error(all);
      const verdict = { decision: "rejected", reasons: all.split(" "), source: "tool" };
      return { output: all, session: all, usage: null, ...(request.kind === "review" ? { verdict } : {}) };
    },
  })`,
);

const FILES = {
  "objective.md": `${OBJECTIVE}\n${PAYLOADS.filter((one) => /^[^\p{Cc}]+$/u.test(one)).join("\n- ")}\n`,
  "agent.mjs": HOSTILE_AGENT,
  "all.mjs": `process.stdout.write(${text}); process.stderr.write(${text}); process.exitCode = 1;`,
  "troupe.yaml": "agents:\n  default: ./agent.mjs\n",
  "stages.yaml": `stages:
  WORK: { work_agent: worker, artifacts: [], name: ${ARGUMENT} }
  JUDGED: { work_agent: worker, review_agent: judge, is_review_stage: true, max_rounds: 1, needs: [WORK], artifacts: [] }
  BREAKS: { work_agent: second, needs: [WORK], writes: artifacts, retry: { attempts: 1 }, artifacts: [] }
  FAILS: { run: [${JSON.stringify(process.execPath)}, all.mjs, ${ARGUMENT}], needs: [WORK] }
`,
};

test("there are more than 200 payloads, and each is one", () => {
  expect(PAYLOADS.length).toBeGreaterThan(200);
  const harmless = PAYLOADS.filter((payload) => unsafeIn(payload).length === 0);
  expect(harmless).toEqual([]);
});

test.each([
  ["a pipe", false],
  ["a terminal", true],
])("none of them comes out of any command, on %s", async (_, isTerminal) => {
  const cli = await createCli(FILES);
  let shown = "";
  const sink = { write: (more: string) => (shown += more), isTerminal, size: () => ({ columns: 100, rows: 30 }) };
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NO_COLOR: "1",
    USER: `odd ${ALL.replaceAll("\u0000", "")}`,
  };
  const run = async (...args: readonly string[]) =>
    await cli.runWith(
      {
        stdout: { ...sink, write: (more) => void sink.write(more) },
        stderr: { ...sink, write: (more) => void sink.write(more) },
        environment: env,
      },
      ...args,
    );
  await run("run", "objective.md", "--plain", "--no-color", "-v", "--ignore-missing-templates");
  expect(cli.runs()).toHaveLength(1);
  await run("resume", "--json", "--yes");
  const id = cli.runId();
  for (const args of [["status"], ["status", "--json"], ["logs"], ["logs", id, "FAILS"], ["list"], ["list", "--json"]])
    await run(...args);
  for (const args of [
    ["why", "JUDGED"],
    ["why", "WORK", "--json"],
    ["resume", "--plan"],
    ["validate"],
    ["validate", "--format", "github"],
  ])
    await run(...args);
  for (const args of [
    ["status", ALL],
    ["run", ALL],
    ["run", "-m", ALL, "--dry-run"],
    [ALL],
    ["run", `--${ALL}`],
    ["logs", id, ALL],
  ])
    await run(...args);
  for (const args of [
    ["run", "objective.md", "--agent", `worker=${ALL}`],
    ["run", "objective.md", "--check", ALL],
    ["--cwd", ALL, "list"],
  ])
    await run(...args);
  await run("cancel", id, "--plain", "-m", ALL);
  expect(unsafeIn(shown)).toEqual([]);
  expect(shown).toContain("<10>");
});

test("what is drawn live has our own sequences only", async () => {
  const cli = await createCli(FILES);
  let shown = "";
  const write = (more: string): void => {
    shown += more;
  };
  const sink = { write, isTerminal: true, size: () => ({ columns: 100, rows: 30 }) };
  await cli.runWith(
    { stdout: sink, stderr: sink, environment: { PATH: process.env.PATH } },
    "run",
    "objective.md",
    "--color",
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of the live view
  const own = /\u001b\[(?:\d{1,2}m|\d*[ABGK]|J|\?25[hl]|\?2026[hl])/g;
  expect(shown).toContain("\u001b[?2026h");
  expect(unsafeIn(shown.replaceAll(own, ""))).toEqual([]);
  expect(shown).not.toContain("PWNED\u0007");
});

test("the last gate keeps colours and cursor moves of ours only for those who paint, and masks what was written before it", () => {
  const written: string[] = [];
  const sink = {
    write: (more: string) => void written.push(more),
    isTerminal: true,
    size: () => ({ columns: 80, rows: 24 }),
  };
  const guarded = guardHost({
    environment: {},
    cwd: "/",
    stdout: sink,
    stderr: sink,
    clock: { now: () => 0, monotonic: () => 0, wait: async () => {} },
    randomHex: () => "",
    readStdin: async () => "",
    ask: async (question) => question,
    onSignal: () => () => {},
    exitNow: () => {},
  });
  guarded.stdout.write("a\u001b[31mb\u001b[0m");
  guarded.guard?.painted.stderr.write(
    "\u001b[?25l\u001b[2K\u001b[1A\u001b[31mred\u001b[39m\u001b[8mhidden\u001b]0;t\u0007\u001b[2J\u001b[99;99H",
  );
  guarded.guard?.painted.stdout.write("plain\u202e");
  expect(written).toEqual(["ab", "\u001b[?25l\u001b[2K\u001b[1A\u001b[31mred\u001b[39mhidden\u001b[2J", "plain\ufffd"]);
});

test("files that hold such letters are refused without showing them", async () => {
  const cli = await createCli({ ...FILES, "objective.md": `${OBJECTIVE}${ALL}`, "stages.yaml": `# ${ALL}` });
  const { code, stdout, stderr } = await cli.run("run", "objective.md");
  expect(code).toBe(3);
  expect(unsafeIn(stdout + stderr)).toEqual([]);
});

test("a cassette with escapes in its names is refused without them", async () => {
  const cli = await createCli({ ...FILES, "tape.jsonl": cassette({ stage: "\u001b]0;PWNED\u0007", turn: ALL }) });
  const { stdout, stderr } = await cli.run("run", "objective.md", "--agent", "all=replay:tape.jsonl");
  expect(unsafeIn(stdout + stderr)).toEqual([]);
});
