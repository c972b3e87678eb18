import { loadRun, TroupeError } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { drawDot, drawMermaid } from "../graph/draw-diagrams.js";
import { drawText } from "../graph/draw-text.js";
import { graphOf, type WorkflowGraphReport } from "../graph/graph-model.js";
import { findRun } from "../look/find-run.js";
import { reportRun } from "../look/run-report.js";
import { printJson } from "../print/print-json.js";
import { refuseMistakes, wantsColour } from "../project/diagnosed-files.js";
import { findWorkflowFile, readWorkflow } from "../project/read-workflow.js";

/** The flags of `graph`. */
export interface GraphOptions {
  readonly workflow?: string;
  readonly format?: GraphFormat;
  /** A run's id; true = the newest run. */
  readonly run?: string | true;
}

export type GraphFormat = "ascii" | "mermaid" | "dot" | "json";

/** Draws the workflow that `run` would use, or that of a run with the state of each stage. Takes and writes nothing. */
export async function graphCommand(context: CommandContext, options: GraphOptions): Promise<number> {
  const format = formatOf(context, options);
  if (options.run !== undefined && options.workflow !== undefined) {
    throw new TroupeError("USAGE", "a run has its own workflow: --run and --workflow do not go together", {
      hint: "Leave out one of them.",
    });
  }
  const graph =
    options.run === undefined ? await graphOfFile(context, options) : await graphOfRun(context, options.run);
  show(context, graph, format);
  return 0;
}

function formatOf({ options: { json } }: CommandContext, { format }: GraphOptions): GraphFormat {
  if (json !== true) return format ?? "ascii";
  if (format === undefined || format === "json") return "json";
  throw new TroupeError("USAGE", `--json and --format ${format} contradict each other`, {
    hint: `Leave one of them out: troupe graph --format ${format}`,
  });
}

function show(context: CommandContext, graph: WorkflowGraphReport, format: GraphFormat): void {
  const { host, options, print } = context;
  if (format === "json") printJson({ print }, "graph", graph);
  else if (format === "mermaid") print(drawMermaid(graph));
  else if (format === "dot") print(drawDot(graph));
  else {
    const stdout = host.guard?.painted.stdout ?? host.stdout;
    const isColoured = options.color ?? wantsColour(host.environment, stdout.isTerminal);
    stdout.write(drawText(graph, { isAscii: options.plain === true || !hasLines(host.environment), isColoured }));
  }
}

async function graphOfFile(context: CommandContext, { workflow }: GraphOptions): Promise<WorkflowGraphReport> {
  const { cwd, project, settings, files, host } = context;
  const file = await findWorkflowFile(workflow, cwd, project, settings);
  const read = await readWorkflow(file, project, settings, files, true); // templates are not drawn
  refuseMistakes(files, host, context.options);
  if (read === null) throw new TroupeError("INTERNAL", "a file without a mistake gave nothing");
  return graphOf(read.workflow, read.source, null);
}

async function graphOfRun(context: CommandContext, run: string | true): Promise<WorkflowGraphReport> {
  return await withStore(context, async (store) => {
    const runId = await findRun(store, run === true ? undefined : run, context.note);
    const { state } = await loadRun(store, runId);
    const report = reportRun(state, await store.holder(runId), state.limit, context.host.clock.now());
    return graphOf(state.definition.workflow, state.definition.source, report);
  });
}

/** A locale that names another charset than UTF-8, or a terminal that can do nothing, has no lines to draw with. */
function hasLines({ LC_ALL, LC_CTYPE, LANG, TERM }: CommandContext["host"]["environment"]): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== "");
  return TERM !== "dumb" && (locale === undefined || /utf-?8/i.test(locale));
}
