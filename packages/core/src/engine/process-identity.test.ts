import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { identifySelf, judgeLiveness } from "./process-identity.js";

const self = await identifySelf("vitest");

test.runIf(process.platform === "linux")("knows itself by pid, start time, boot and namespace", () => {
  expect(self).toEqual({
    pid: process.pid,
    startTime: expect.stringMatching(/^\d+$/),
    bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    pidNamespace: expect.stringMatching(/^pid:\[\d+\]$/),
    host: expect.any(String),
    command: "vitest",
  });
});

test("judges owners of this machine by their process, others not at all", async () => {
  const judge = (changes: Partial<typeof self>) => judgeLiveness({ ...self, ...changes }, self);
  expect(await judge({})).toBe("alive");
  expect(await judge({ host: "renamed" })).toBe("alive");
  expect(await judge({ startTime: "1" })).toBe("dead");
  expect(await judge({ startTime: null })).toBe("alive");
  expect(await judge({ pid: 2 ** 22 + 1 })).toBe("dead");
  expect(await judge({ bootId: "another" })).toBe("dead");
  expect(await judge({ bootId: null })).toBe("unknown");
  expect(await judge({ bootId: "another", host: "far" })).toBe("unknown");
  expect(await judge({ pidNamespace: "another" })).toBe("unknown");
});

test("judges by the host's name and the pid where there is no /proc", async () => {
  const bare = { ...self, startTime: null, bootId: null, pidNamespace: null };
  expect(await judgeLiveness(bare, bare)).toBe("alive");
  expect(await judgeLiveness({ ...bare, pid: 2 ** 22 + 1 }, bare)).toBe("dead");
  expect(await judgeLiveness({ ...bare, host: "far" }, bare)).toBe("unknown");
});

test.runIf(process.platform === "linux")("takes a zombie for dead", async () => {
  // The shell starts a child and replaces itself by a program that never collects it; the child ends after that.
  const script = "cat <&3 >/dev/null & echo $!; exec 3<&-; exec sleep 60";
  const parent = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "ignore", "pipe"] });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [, , , input] = parent.stdio;
  const [line] = await once(parent.stdout ?? parent, "data");
  await vi.waitUntil(async () => (await readFile(`/proc/${parent.pid}/comm`, "utf8")).trim() === "sleep", {
    timeout: 20_000,
  });
  input?.destroy();
  const pid = Number(String(line));
  const fields = async (): Promise<readonly string[]> => {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  };
  await vi.waitUntil(async () => (await fields())[0] === "Z", { timeout: 20_000 });
  const startTime = (await fields())[19] ?? "";
  expect(await judgeLiveness({ ...self, pid, startTime }, self)).toBe("dead");
});
