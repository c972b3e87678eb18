import { constants } from "node:fs";
import { access, lstat, readFile, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasErrors } from "@troupe/config/plain";
import { isTroupeError, mountTypeOf, networkFileSystem } from "@troupe/core";
import { createOutputCap, findProgram, runProcess } from "@troupe/process";
import { type CommandContext, withStore } from "../command-context.js";
import { agentIdsOf, bindAgents } from "../plugins/agent-bindings.js";
import { showCount } from "../print/show-count.js";
import { createDiagnosedFiles } from "../project/diagnosed-files.js";
import { exists, PROJECT_FILE } from "../project/project.js";
import { findWorkflowFile, readWorkflow } from "../project/read-workflow.js";
import { missingPrograms } from "../run/missing-programs.js";

/** One thing that was looked at. A problem keeps runs from being performed, a warning does not. */
export interface DoctorCheck {
  readonly id: string;
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  /** What to do; null = nothing. */
  readonly hint: string | null;
}

type Finding = Omit<DoctorCheck, "id">;

const GIT_MS = 10_000;
const LITTLE_BYTES = 1024 ** 3;
const TOO_LITTLE_BYTES = 100 * 1024 ** 2;

/** Everything but the agents themselves; changes nothing. Never rejects. */
export async function checkEnvironment(context: CommandContext): Promise<readonly DoctorCheck[]> {
  const checks: Readonly<Record<string, () => Promise<Finding>>> = {
    node: async () => ok(`Node ${process.versions.node}`),
    git: () => checkGit(context),
    project: async () => checkProjectFile(context),
    workflow: () => checkWorkflow(context),
    secrets: async () => checkSecrets(context),
    ...(context.settings.notify.length === 0 ? {} : { notify: () => checkNotify(context) }),
    folder: () => checkFolder(context),
    store: () => checkStore(context),
  };
  const found = Object.entries(checks).map(async ([id, check]): Promise<DoctorCheck> => {
    return { id, ...(await check().catch(problemOf)) };
  });
  return await Promise.all(found);
}

function ok(message: string): Finding {
  return { status: "ok", message, hint: null };
}

function problemOf(error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  return { status: "problem", message, hint: isTroupeError(error) ? error.hint : null };
}

async function checkGit({ host, project }: CommandContext): Promise<Finding> {
  const path = await findProgram({ program: "git", searchPath: host.environment.PATH, folder: project.folder });
  if (path === null) {
    const message = "git was not found: reviews see no diff of the work";
    return { status: "warning", message, hint: "Install it: https://git-scm.com/downloads" };
  }
  const version = await askVersion(path, { host, project });
  if (version === null) {
    const message = `${path} --version gave no answer: reviews see no diff of the work`;
    return { status: "warning", message, hint: `Try it by hand: ${path} --version` };
  }
  if (await isInRepository(project.folder)) return ok(`git ${version}`);
  const message = `git ${version}; ${project.folder} is in no repository: reviews see no diff of the work`;
  return { status: "warning", message, hint: "Make it one: git init" };
}

async function askVersion(path: string, { host, project }: Pick<CommandContext, "host" | "project">) {
  const output = createOutputCap({ maxBytes: 1024 });
  const env = Object.entries(host.environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const { exitCode } = await runProcess({
    command: { argv: [path, "--version"] },
    cwd: project.folder,
    env: Object.fromEntries(env),
    input: null,
    marker: `check/0/${host.randomHex(8)}`,
    timeoutMs: GIT_MS,
    idleTimeoutMs: null,
    ladder: { termMs: 1000 },
    signal: new AbortController().signal,
    clock: host.clock,
    onOutput: (chunk) => output.write(chunk),
  });
  return exitCode === 0
    ? output
        .text()
        .trim()
        .replace(/^git version /, "")
    : null;
}

async function isInRepository(folder: string): Promise<boolean> {
  if (await exists(join(folder, ".git"))) return true;
  return dirname(folder) === folder ? false : await isInRepository(dirname(folder));
}

function checkProjectFile({ project, files }: CommandContext): Finding {
  if (project.file === null) {
    const message = `no ${PROJECT_FILE} in ${project.folder} or above it`;
    return { status: "warning", message, hint: `Write one: echo 'agents: { default: claude }' > ${PROJECT_FILE}` };
  }
  if (!hasErrors(files.diagnostics)) return ok(project.file);
  const name = files.nameOf(project.file);
  return { status: "problem", message: `${name} has mistakes`, hint: `See them: troupe validate ${name}` };
}

/** Also that each of its agents is configured. */
async function checkWorkflow(context: CommandContext): Promise<Finding> {
  const { cwd, project, settings } = context;
  const files = createDiagnosedFiles(cwd);
  const file = await findWorkflowFile(undefined, cwd, project, settings);
  const read = await readWorkflow(file, project, settings, files, false);
  if (read === null || hasErrors(files.diagnostics)) {
    const message = `${file === null ? "the workflow" : files.nameOf(file)} has mistakes`;
    return { status: "problem", message, hint: "See them: troupe validate" };
  }
  // of a project file with mistakes nothing is known, and that is said already
  if (!hasErrors(context.files.diagnostics)) bindAgents(agentIdsOf(read.workflow.stages), {}, settings.agents);
  const missing = await missingPrograms(context, files, read);
  if (missing.length === 0) return ok(`${read.source}, ${showCount(read.workflow.stages.length, "stage")}`);
  const message = missing.map(({ file: name, line, column, message: what }) => `${name}:${line}:${column} ${what}`);
  const hint = [...new Set(missing.map(({ hint: advice }) => advice))].join("\n");
  return { status: "warning", message: message.join("; "), hint };
}

function checkSecrets({ settings }: CommandContext): Finding {
  const { unusable, missing } = settings.secrets;
  if (unusable.length > 0) {
    return { status: "problem", message: unusable.join("; "), hint: "Correct it, or `secrets:` in troupe.yaml." };
  }
  if (missing.length === 0) return ok("nothing is missing");
  const hint = "Set it before a run, or take it from `secrets:` in troupe.yaml.";
  return { status: "warning", message: `without a value: ${missing.join(", ")}`, hint };
}

/** A hook that lacks something keeps nobody from working: it is a warning. */
async function checkNotify({ settings, host, project }: CommandContext): Promise<Finding> {
  const { checkHooks } = await import("@troupe/notify");
  const { environment, stdout, stderr } = host;
  const places = { environment, projectFolder: project.folder, streams: { stdout, stderr } };
  const problems = await checkHooks(settings.notify, places, (name) => settings.secrets.valueOf(name));
  const [first] = problems;
  if (first === undefined) return ok(settings.notify.length === 1 ? "1 hook" : `${settings.notify.length} hooks`);
  const message = problems.map(({ hook, message: what }) => `${hook}: ${what}`).join("; ");
  return { status: "warning", message, hint: [...new Set(problems.map(({ hint }) => hint))].join("\n") };
}

/** Where the state lies, or will lie. */
async function checkFolder({ project, settings }: CommandContext): Promise<Finding> {
  const { stateFolder } = project;
  if (!(await exists(stateFolder)) && (await lstat(stateFolder).catch(() => null)) !== null) {
    const hint = `Make the folder that it points to, or remove it: ls -ld '${stateFolder}'`;
    return { status: "problem", message: `${stateFolder} is a link that leads nowhere`, hint };
  }
  const folder = await nearestFolder(stateFolder);
  const isWritable = await access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) {
    return { status: "problem", message: `${folder} is not writable`, hint: `Look at it: ls -ld '${folder}'` };
  }
  const { type, bavail, bsize } = await statfs(folder);
  const { dev } = await stat(folder);
  const mounts = await readFile("/proc/self/mountinfo", "utf8").catch(() => ""); // only Linux has it
  const network = networkFileSystem(type, mountTypeOf(mounts, dev));
  if (network !== null) {
    const isForced = JSON.stringify(settings.store?.options ?? {}).includes('"force":true');
    const message = `${folder} lies on a network file system (${network}), where state is not safe`;
    return { status: isForced ? "warning" : "problem", message, hint: "Work in a folder on a local disk." };
  }
  const freeBytes = bavail * bsize;
  const message = `${stateFolder}, ${showBytes(freeBytes)} free`;
  if (freeBytes >= LITTLE_BYTES) return ok(message);
  const status = freeBytes < TOO_LITTLE_BYTES ? "problem" : "warning";
  return { status, message, hint: `Make room: df -h '${folder}'` };
}

async function nearestFolder(path: string): Promise<string> {
  return (await exists(path)) || dirname(path) === path ? path : await nearestFolder(dirname(path));
}

function showBytes(bytes: number): string {
  return bytes >= LITTLE_BYTES ? `${Math.floor(bytes / LITTLE_BYTES)} GiB` : `${Math.floor(bytes / 1024 ** 2)} MiB`;
}

/** Opens it and looks at the first run, which is all that it takes to know that it works. */
async function checkStore(context: CommandContext): Promise<Finding> {
  return await withStore(context, async (store) => {
    for await (const first of store.list()) {
      void first;
      break;
    }
    return ok(context.settings.store?.name ?? "fs");
  });
}
