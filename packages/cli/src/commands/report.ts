import { appendFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type JournalEntry, type StateStore, sanitizeLine, stageOfTurn, TroupeError } from "@troupe/core";
import {
  createReport,
  type Report,
  renderGithubSummary,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
} from "@troupe/report";
import { type CommandContext, withStore } from "../command-context.js";
import { findRun } from "../look/find-run.js";
import { placeHint, placeText } from "../look/place-hints.js";
import { suggestNext } from "../look/suggest-next.js";
import { showBytes } from "../print/show-bytes.js";

export type ReportFormat = "markdown" | "junit" | "github" | "html" | "json";

/** The flags of `report`. */
export interface ReportOptions {
  readonly format?: ReportFormat;
  readonly output?: string;
}

const RENDER: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  markdown: renderMarkdown,
  junit: renderJunit,
  github: renderGithubSummary,
  html: renderHtml,
  json: renderJson,
};

/**
 * Reports on a run, the newest by default, in any state: under way, after a crash, finished. Takes and changes nothing of
 * it. Rejects `RUN_NOT_FOUND`, `FILE_NOT_WRITTEN`.
 */
export async function reportCommand(
  context: CommandContext,
  run: string | undefined,
  options: ReportOptions,
): Promise<number> {
  const format = formatOf(context, options);
  const report = await withStore(context, async (store) => {
    return await readReport(context, store, await findRun(store, run, context.note));
  });
  const text = context.settings.secrets.masker.mask(RENDER[format](report));
  const summary = context.host.environment.GITHUB_STEP_SUMMARY;
  if (options.output !== undefined && options.output !== "-") await writeReport(context, options.output, text);
  else if (options.output === undefined && format === "github" && summary) await addToSummary(context, summary, text);
  else context.print(text);
  return 0;
}

function formatOf({ options: { json } }: CommandContext, { format }: ReportOptions): ReportFormat {
  if (json !== true) return format ?? "markdown";
  if (format === undefined || format === "json") return "json";
  throw new TroupeError("USAGE", `--json and --format ${format} contradict each other`, {
    hint: `Leave one of them out: troupe report --format ${format}`,
  });
}

async function readReport(context: CommandContext, store: StateStore, runId: string): Promise<Report> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.read(runId)) entries.push(entry);
  const folder = join(context.project.stateFolder, "runs", runId);
  const [logs, artifacts] = await Promise.all([
    namesIn(context, join(folder, "logs")),
    namesIn(context, join(folder, "artifacts")),
  ]);
  const report = createReport(entries, {
    now: context.host.clock.now(),
    holder: await store.holder(runId),
    next: (state) => context.place(suggestNext(state)),
    // a store without a folder of logs has them elsewhere
    logPath: (turn) =>
      logs.get(`${turn}.log`) ?? (logs.size > 0 ? null : context.place(`troupe logs ${runId} ${stageOfTurn(turn)}`)),
    artifactPath: ({ turn, name }) => {
      const of = artifacts.get(turn);
      return of === undefined ? null : join(of, name);
    },
  });
  return {
    ...report,
    failures: report.failures.map((failure) => ({ ...failure, hint: placeText(context, failure.hint) })),
    stages: report.stages.map((stage) => placeHint(context, stage)),
    turns: report.turns.map((turn) => placeHint(context, turn)),
  };
}

/** What is in a folder, with the path from where the person is; nothing, where a store keeps it elsewhere. */
async function namesIn({ cwd }: CommandContext, folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch(() => []); // a run without a log, or a store that has no such folder
  return new Map(names.map((name) => [name, relative(cwd, join(folder, name))]));
}

/** Over an older report. Whoever reads it meanwhile finds the old one or the new one, whole. */
async function writeReport({ cwd, host, print, note }: CommandContext, output: string, text: string): Promise<void> {
  const path = resolve(cwd, output);
  const draft = `${path}.${host.randomHex(4)}.tmp`;
  try {
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {}); // the first error is the one to report
    throw notWritten(path, cause, draft);
  }
  print(`${sanitizeLine(output)}\n`);
  note(`Wrote the report (${showBytes(Buffer.byteLength(text))}).\n`);
}

async function addToSummary({ note }: CommandContext, path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text);
  } catch (cause) {
    throw notWritten(path, cause);
  }
  note("Added the report to the summary of this step.\n");
}

/** `draft` is a name that nobody has typed. */
function notWritten(path: string, cause: unknown, draft = path): TroupeError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).replaceAll(draft, path);
  return new TroupeError("FILE_NOT_WRITTEN", `the report cannot be written to ${path}: ${reason}`, {
    hint: "Name another place with -o, or print it: troupe report -o -",
    cause,
  });
}
