import { realpathSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inFolder, isRunning, record } from "../test/real-processes.js";
import { ownChildren } from "./own-children.js";
import { runProcess } from "./run-process.js";
import { explainStartFailure } from "./start-failure.js";

describe("a program that behaves", () => {
  test("gets its input, its folder and exactly its environment, and its output arrives by source", async () => {
    const sources: string[] = [];
    const { request, pids } = record(
      { argv: ["/bin/sh", "-c", 'pwd; cat; echo "[$A] [$HOME] [$TROUPE_TURN]"; echo problem >&2; exit 3'] },
      {
        env: { A: "ä b", PATH: process.env.PATH ?? "" },
        marker: "run-1/2/PLAN.3",
        input: "the prompt\n",
        onOutput: (chunk, source) => sources.push(`${source}: ${Buffer.from(chunk).toString("utf8")}`),
      },
    );
    const { durationMs, ...outcome } = await runProcess(request);
    expect(outcome).toEqual({ exitCode: 3, signal: null, ended: "exited" });
    expect(durationMs).toBeGreaterThan(0);
    const of = (source: string): string =>
      sources.flatMap((text) => (text.startsWith(source) ? [text.slice(source.length + 2)] : [])).join("");
    expect(of("stdout")).toBe(`${realpathSync(tmpdir())}\nthe prompt\n[ä b] [] [run-1/2/PLAN.3]\n`);
    expect(of("stderr")).toBe("problem\n");
    expect(pids).toHaveLength(1);
  });

  test("runs a shell line, and finds standard input empty without an input", async () => {
    const { request, text } = record("cat; echo end | tr a-z A-Z");
    expect(await runProcess(request)).toMatchObject({ exitCode: 0, ended: "exited" });
    expect(text()).toBe("END\n");
  });

  test("that ends by a signal of its own making has ended by itself", async () => {
    const { request } = record("kill -9 $$");
    expect(await runProcess(request)).toMatchObject({ exitCode: null, signal: "SIGKILL", ended: "exited" });
  });

  test("delivers every byte written just before its end", async () => {
    const { request, text } = record("head -c 60000 /dev/zero | tr '\\0' x; exit 0");
    await runProcess(request);
    expect(text()).toBe("x".repeat(60_000));
  });
});

describe("a program that cannot be started", () => {
  const failureOf = (command: readonly string[], cwd = tmpdir()): Promise<unknown> =>
    runProcess(record({ argv: command }, { cwd }).request).catch((error: unknown) => error);

  test("is named when it is missing", async () => {
    expect(await failureOf(["no-such-program-here", "--x"])).toMatchObject({
      code: "PROCESS_NOT_STARTED",
      message: "the program no-such-program-here was not found",
      details: { reason: "program", retry: "never" },
    });
    expect(await failureOf([""])).toMatchObject({ code: "PROCESS_NOT_STARTED" });
  });

  test("is not confused with a missing working folder, nor with a file in its place", async () => {
    await inFolder(async (folder) => {
      const missing = join(folder, "gone");
      expect(await failureOf(["sh", "-c", "true"], missing)).toMatchObject({
        code: "PROCESS_NOT_STARTED",
        message: `the working folder ${missing} does not exist`,
        details: { reason: "cwd", retry: "never" },
      });
      const file = join(folder, "file");
      await writeFile(file, "");
      expect(await failureOf(["sh"], file)).toMatchObject({ details: { reason: "cwd" } });
    });
  });

  test("is told apart from one that may not be executed and from one without an interpreter", async () => {
    await inFolder(async (folder) => {
      const [plain, script] = [join(folder, "plain"), join(folder, "script")];
      await writeFile(plain, "text");
      await writeFile(script, "#!/no/such/interpreter\n");
      await chmod(script, 0o755);
      expect(await failureOf([plain])).toMatchObject({ details: { reason: "not-executable", retry: "never" } });
      expect(await failureOf([script])).toMatchObject({ details: { reason: "interpreter", retry: "never" } });
    });
  });

  test("is reported when an argument cannot be passed at all", async () => {
    expect(await failureOf(["echo", "a\0b"])).toMatchObject({
      code: "PROCESS_NOT_STARTED",
      details: { reason: "other", retry: "never" },
    });
    expect(await failureOf(["echo", "x".repeat(3_000_000)])).toMatchObject({ details: { reason: "other" } });
  });
});

test("a system that is out of processes is worth another attempt, any other reason is not", async () => {
  const attempt = { command: { shell: "true" }, cwd: tmpdir(), env: {} };
  const explain = async (code: string): Promise<object> =>
    (await explainStartFailure(attempt, Object.assign(new Error(`spawn ${code}`), { code }))).details;
  expect(await explain("EAGAIN")).toEqual({ reason: "exhausted" });
  expect(await explain("E2BIG")).toEqual({ reason: "other", retry: "never" });
  expect((await explainStartFailure(attempt, "odd")).message).toBe("/bin/sh could not be started: odd");
});

describe("the caller", () => {
  test("whose signal has aborted before starts nothing", async () => {
    const { request, stop, pids } = record("echo never");
    stop.abort();
    expect(await runProcess(request)).toEqual({ exitCode: null, signal: null, ended: "aborted", durationMs: 0 });
    expect(pids).toEqual([]);
  });

  test("that throws when told of the start gets its error back and no process stays", async () => {
    const pids: number[] = [];
    const failure = new Error("no space for the note");
    const { request } = record("sleep 1000", {
      onStarted: (pid) => {
        pids.push(pid);
        throw failure;
      },
    });
    await expect(runProcess(request)).rejects.toBe(failure);
    expect(pids.map(isRunning)).toEqual([false]);
  });

  test("that throws at an output gets its first error back and no process stays", async () => {
    let calls = 0;
    const { request, pids } = record("while :; do echo x; done", {
      onOutput: () => {
        throw new Error(`call ${++calls}`);
      },
    });
    await expect(runProcess(request)).rejects.toThrow("call 1");
    expect([calls, ...pids.map(isRunning)]).toEqual([1, false]);
  });
});

describe("beside other programs of ours", () => {
  test("the end of one leaves the others alone, also one with its marker, and tells when each has started", async () => {
    const started: (number | null)[] = [];
    const onStarted = (_pid: number, startTime: number | null): void => void started.push(startTime);
    const other = record("echo ready; exec cat", { onStarted, input: { open: () => {}, stop: async () => {} } });
    const running = runProcess(other.request);
    await other.said("ready");
    const one = record("exit 3", { onStarted, marker: other.request.marker });
    expect(await runProcess(one.request)).toMatchObject({ exitCode: 3, ended: "exited" });
    expect(ownChildren.size).toBe(1);
    other.stop.abort();
    expect(await running).toMatchObject({ ended: "aborted" });
    expect(ownChildren.size).toBe(0);
    expect(started).toEqual([expect.any(Number), expect.any(Number)]);
  });
});
