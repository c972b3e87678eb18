import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { cassette, createCli, HALF, TWO_STAGE_FILES } from "../../test/cli-harness.js";

const TELL = 'notify:\n  - { command: "cat >> told.jsonl", events: [succeeded, failed, question] }\n';

const eventsIn = (text: string): readonly unknown[] =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const { event, text: told } = JSON.parse(line);
      return [event, told];
    });

test("a run tells its hooks of its end, and a dry run and a look at it nobody", async () => {
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}${TELL}` });
  const dry = await cli.run("run", "objective.md", "--dry-run");
  expect(dry.stdout).toContain("Would notify:\n  command of failed, succeeded, question\n");
  const asJson = JSON.parse((await cli.raw("run", "objective.md", "--dry-run", "--json")).stdout);
  expect(asJson.notify).toEqual([{ kind: "command", events: ["failed", "succeeded", "question"] }]);
  expect(cli.has("told.jsonl")).toBe(false);
  expect((await cli.run("run", "objective.md")).code).toBe(0);
  await cli.run("watch", cli.runId());
  expect(eventsIn(cli.read("told.jsonl"))).toEqual([
    ["succeeded", expect.stringMatching(/^\S+: 2 completed of 2 stages in \d+s$/)],
  ]);
  expect(cli.read(join(".troupe/runs", cli.runId(), "notify.jsonl"))).toContain('"how":"sent"');
});

test("what is not sent at the end of a run is sent by the next resume, once", async () => {
  const files = {
    ...HALF,
    "troupe.yaml": `${HALF["troupe.yaml"]}notify: [{ command: [./tell.sh], events: [failed] }]\n`,
  };
  const cli = await createCli(files);
  const first = await cli.run("run", "objective.md");
  expect([first.code, first.stderr]).toEqual([
    1,
    expect.stringContaining(
      "1 notification by command ./tell.sh was not sent; the next run or resume in this project tries again",
    ),
  ]);
  await cli.write("tell.sh", "#!/bin/sh\ncat >> told.jsonl\n");
  const { chmod } = await import("node:fs/promises");
  await chmod(join(cli.folder, "tell.sh"), 0o755);
  await cli.write("tape.jsonl", cassette({ stage: "FIRST" }, { stage: "SECOND" }));
  expect((await cli.run("resume")).code).toBe(0);
  expect(eventsIn(cli.read("told.jsonl")).map((one) => Object(one)[0])).toEqual(["failed"]);
});

test("the value of a hook's variable is in no file and no output, though nobody has declared it", async () => {
  const server = createServer((_request, response) => response.writeHead(404).end("no such hook: /T0/canary-12345678"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/T0/canary-12345678`;
  const notify = "notify: [{ slack: { from: SLACK_URL } }]\n";
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}${notify}` });
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, SLACK_URL: url };
  const { code, stdout, stderr } = await cli.runWith({ environment }, "run", "objective.md");
  const outbox = cli.read(join(".troupe/runs", cli.runId(), "notify.jsonl"));
  expect([code, `${stdout}${stderr}${outbox}`.includes("canary")]).toEqual([0, false]);
  expect(stderr).toContain("answered 404: no such hook: [secret SLACK_URL]. Make a new incoming webhook");
});

test("doctor warns of a hook that cannot work", async () => {
  const notify = "notify: [{ slack: { from: SLACK_URL } }, { command: [./gone.sh] }]\n";
  const cli = await createCli({ ...TWO_STAGE_FILES, "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}${notify}` });
  const { checks } = JSON.parse((await cli.raw("doctor", "--json")).stdout);
  expect(checks.find(({ id }: { readonly id: string }) => id === "notify")).toEqual({
    id: "notify",
    status: "warning",
    message: "slack SLACK_URL: SLACK_URL is not set; command ./gone.sh: the program ./gone.sh was not found",
    hint: "Set it: export SLACK_URL=...\nInstall ./gone.sh, or put it on the PATH.",
  });
  await cli.write("troupe.yaml", `${TWO_STAGE_FILES["troupe.yaml"]}${TELL}`);
  expect((await cli.run("doctor")).stdout).toMatch(/ok +notify +1 hook/);
  expect((await cli.run("config", "notify")).stdout).toContain("notify.1");
});

test("a lone bell reaches the terminal of who paints, one within a text does not", async () => {
  const { guardHost } = await import("../host/guarded-host.js");
  const written: string[] = [];
  const sink = {
    write: (text: string) => void written.push(text),
    isTerminal: true,
    size: () => ({ columns: 80, rows: 24 }),
  };
  const guarded = guardHost(Object({ stdout: sink, stderr: sink, ask: null }));
  guarded.guard?.painted.stderr.write("\u0007");
  guarded.guard?.painted.stderr.write("a\u0007b");
  guarded.stderr.write("\u0007");
  expect(written).toEqual(["\u0007", "ab", ""]);
});
