import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, readdirSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { BIN, createProject, OBJECTIVE, stepWorkflow, type TestProject } from "./harness.js";

const NETWORK_FOLDER = fileURLToPath(new URL("fixtures/network-folder.mjs", import.meta.url));
const NOBODY = 65_534;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runIn(project: TestProject, program: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: project.folder,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, HOME: project.folder },
  });
  return { code: status, stdout, stderr };
}

/** In a mount namespace of its own, as its root, which needs no privilege where the kernel allows such namespaces. */
function runApart(project: TestProject, script: string, ...args: readonly string[]): Ended {
  return runIn(project, "unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", ...args);
}

/** Skips the test, with the reason, where the machine does not let anybody mount a file system. */
function requireMounts(context: TestContext, project: TestProject): void {
  const { code, stderr } = runApart(project, "mount -t tmpfs tmpfs .troupe");
  context.skip(code !== 0, `nothing can be mounted here: ${(stderr ?? "unshare is missing").trim()}`);
}

async function createUnfriendly(files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  const project = await createProject({ "objective.md": OBJECTIVE, "stages.yaml": stepWorkflow(["A"]), ...files });
  await mkdir(join(project.folder, ".troupe"));
  return project;
}

/** The command in backquotes or behind a colon of a hint. */
function hintIn(stderr: string): string {
  return /^hint: .*?: ([a-z].*)$/m.exec(stderr)?.[1] ?? "";
}

test("a full disk is named with the command that shows it, and with room the same command works", async (context) => {
  const project = await createUnfriendly();
  requireMounts(context, project);
  const script = `mount -t tmpfs -o size=4k tmpfs .troupe
"$@"; echo "full $?"
"$@" --json; echo "full $?"
df -h .troupe | tail -1
mount -o remount,size=8m .troupe && "$@"; echo "roomy $?"`;
  const { stdout, stderr } = runApart(project, script, process.execPath, BIN, "run", "objective.md");
  expect(stdout.match(/^(?:full|roomy) \d+$/gm)).toEqual(["full 6", "full 6", "roomy 0"]);
  expect(stderr).toMatch(/^error: no space left for .*\/\.troupe\/runs\/\S+ \(0 bytes free\) \[STORE_FULL\]$/m);
  expect(hintIn(stderr)).toBe(`df -h "${project.folder}/.troupe/runs"`);
  const json = stderr.split("\n").find((line) => line.startsWith("{")) ?? "";
  expect(JSON.parse(json).error).toMatchObject({ code: "STORE_FULL", exitCode: 6, details: { freeBytes: 0 } });
});

test("a limit on the size of files is named with the command that shows it", async () => {
  const project = await createUnfriendly();
  const { code, stderr } = runIn(
    project,
    "sh",
    "-c",
    'ulimit -f 1; "$@"',
    "sh",
    process.execPath,
    BIN,
    "run",
    "objective.md",
  );
  expect([code, stderr]).toEqual([
    6,
    expect.stringMatching(/: EFBIG \[STORE_FAILED\]\nhint: Files may not grow that large here; .*: ulimit -f\n$/),
  ]);
});

test("a state folder on a network file system is refused before anything starts, and taken by who takes the risk", async (context) => {
  const project = await createUnfriendly();
  requireMounts(context, project);
  const command = [process.execPath, NETWORK_FOLDER, join(project.folder, ".troupe"), process.execPath, BIN];
  const refused = runApart(project, '"$@"', ...command, "run", "objective.md");
  context.skip(refused.code === 77, refused.stderr.trim());
  expect([refused.code, refused.stderr]).toEqual([
    6,
    expect.stringContaining(
      `error: ${project.folder}/.troupe lies on a network file system (fuse.sshfs) [STORE_UNSUPPORTED]\nhint: Work in a folder on a local disk, or set "force": true in the options of the store to take the risk.\n`,
    ),
  ]);
  expect(project.starts()).toEqual([]);
  const asJson = runApart(project, '"$@"', ...command, "run", "objective.md", "--json");
  expect(JSON.parse(asJson.stderr.trimEnd().split("\n").at(-1) ?? "").error).toMatchObject({
    code: "STORE_UNSUPPORTED",
    exitCode: 6,
    details: { fileSystem: "fuse.sshfs" },
  });
  const doctor = runApart(project, '"$@"', ...command, "doctor");
  expect(doctor.stdout).toMatch(/^problem +folder .*network file system \(fuse\.sshfs\)/m);
  // the file system of the test is empty and stays so: whoever takes the risk gets further, to its own refusal
  await project.write("troupe.yaml", 'store: ["fs", { "force": true }]\n');
  const forced = runApart(project, '"$@"', ...command, "run", "objective.md");
  expect([forced.code, forced.stderr]).toEqual([6, expect.stringContaining("[STORE_FAILED]")]);
});

test("a process that became another user's cannot be ended: it is named, the stage fails, and the command ends", async (context) => {
  context.skip(process.getuid?.() !== 0, "it takes root to start a program that belongs to root as somebody else");
  const climb = ["./climb", "--reuid", "0", "--regid", "0", "--clear-groups", "sleep", "600"];
  const project = await createUnfriendly({
    "stages.yaml": `stages:\n  A: { run: ${JSON.stringify(climb)}, timeout: 1s }\n`,
  });
  const owned = [".", ...readdirSync(project.folder)];
  for (const name of owned) chownSync(join(project.folder, name), NOBODY, NOBODY);
  const program = join(project.folder, "climb");
  const setpriv = execFileSync("sh", ["-c", "command -v setpriv || true"], { encoding: "utf8" }).trim();
  context.skip(setpriv === "", "there is no setpriv here");
  copyFileSync(setpriv, program);
  chmodSync(program, 0o4755);
  const asNobody = (...args: readonly string[]): Ended =>
    runIn(project, setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", process.execPath, BIN, ...args);
  onTestFinished(() => {
    for (const pid of sleepersIn(project.folder)) process.kill(pid, "SIGKILL");
  });
  context.skip(asNobody("--version").code !== 0, "another user cannot read this repository");
  const { code, stdout, stderr } = asNobody("run", "objective.md");
  const [pid = 0, ...others] = sleepersIn(project.folder);
  context.skip(pid === 0 && !stdout.includes("PROCESS_NOT_ENDED"), `no program becomes root here: ${stderr}`);
  expect({ code, stdout, others }).toEqual({
    code: 1,
    stdout: expect.stringContaining(`  A: PROCESS_NOT_ENDED: processes could not be ended: ${pid}\n`),
    others: [],
  });
  const { stages } = JSON.parse(asNobody("status", "--json").stdout);
  expect(stages[0].error).toMatchObject({ code: "PROCESS_NOT_ENDED", message: expect.stringContaining(`${pid}`) });
  const hint = hintIn(stdout.replace(/^ +Look/m, "hint: Look").replace(" with: ", ": "));
  expect(hint).toBe(`ps -o pid,user,stat,args -p ${pid}`);
  const shown = runIn(project, "sh", "-c", hint);
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/\broot\b.*sleep 600/)]);
});

/** Processes that sleep in a folder. */
function sleepersIn(folder: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const isSleep = readFileSync(`/proc/${pid}/cmdline`, "utf8") === "sleep\u0000600\u0000";
        return isSleep && readFileSync(`/proc/${pid}/environ`, "utf8").includes(folder);
      } catch {
        return false; // gone, or not ours to read
      }
    });
}
