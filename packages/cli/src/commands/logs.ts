import {
  createTextSanitizer,
  loadRun,
  type MaskStream,
  type RunState,
  type RunStateView,
  type StageView,
  stageUnknown,
  type TextSanitizer,
  turnId,
} from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { findRun } from "../look/find-run.js";
import { isHeld } from "../look/run-report.js";
import { printJson } from "../print/print-json.js";

export interface LogsOptions {
  readonly follow?: boolean;
  readonly failed?: boolean;
}

/** How often a followed log is read again, in milliseconds. */
const FOLLOW_MS = 500;

/** Prints what the turns of a run, or of one stage, wrote; raw output is made safe for the terminal. */
export async function logsCommand(
  context: CommandContext,
  run: string | undefined,
  stage: string | undefined,
  options: LogsOptions,
): Promise<number> {
  return await withStore(
    context,
    async (store) => {
      const runId = await findRun(store, run, context.note);
      const printer = createPrinter(context);
      for (;;) {
        const isWorkedOn = isHeld(await store.holder(runId)); // before the logs: what comes after its end is in them
        const { state } = await loadRun(store, runId);
        for (const turn of turnsOf(state, stage, options)) {
          for await (const chunk of store.logs.read(runId, turn, printer.offsetOf(turn))) printer.print(turn, chunk);
        }
        if (options.follow !== true || !isWorkedOn) break;
        await context.host.clock.wait(FOLLOW_MS);
      }
      printer.end();
      return 0;
    },
    "logs",
  );
}

function turnsOf(state: RunState, stage: string | undefined, { failed }: LogsOptions): readonly string[] {
  const gone = stage === undefined || state.stages.has(stage) ? undefined : state.vanished.get(stage);
  if (stage !== undefined && gone !== undefined) return turnIds(stage, failed === true ? 0 : gone.turns);
  const stages = stage === undefined ? [...state.stages.values()] : [known(state, stage)];
  return stages
    .filter(({ status }) => failed !== true || status === "failed")
    .flatMap(({ definition, turns }) => turnIds(definition.id, turns));
}

function turnIds(stage: string, turns: number): readonly string[] {
  return Array.from({ length: turns }, (_, n) => turnId(stage, n + 1));
}

function known(state: RunStateView, stage: string): StageView {
  const view = state.stages.get(stage);
  if (view !== undefined) return view;
  throw stageUnknown(stage, state.stages.keys());
}

interface Printer {
  /** Bytes of the turn's log that have been printed. */
  offsetOf(turn: string): number;
  print(turn: string, chunk: Uint8Array): void;
  /** Ends the last line. */
  end(): void;
}

interface ShownLog {
  offset: number;
  readonly decoder: TextDecoder;
  readonly sanitizer: TextSanitizer;
  /** Logs are masked when they are written; a secret that was declared since then is masked here. */
  readonly mask: MaskStream;
}

/** Prints logs one after the other, each below its heading; a letter, a sequence or a secret may come in two chunks. */
function createPrinter({ print, note, settings, options }: CommandContext): Printer {
  const shown = new Map<string, ShownLog>();
  const open = (): ShownLog => ({
    offset: 0,
    decoder: new TextDecoder(),
    sanitizer: createTextSanitizer(),
    mask: settings.secrets.masker.createStream(),
  });
  let last: string | null = null;
  let isMidLine = false;
  const endLine = (): void => {
    if (isMidLine) print("\n");
    isMidLine = false;
  };
  const give = (turn: string, { decoder, sanitizer }: ShownLog, bytes: Uint8Array): void => {
    const text = sanitizer.push(decoder.decode(bytes, { stream: true }));
    if (text === "") return;
    if (options.json === true) {
      printJson({ print }, "logs", { v: 1, turn, text });
      return;
    }
    print(text);
    isMidLine = !text.endsWith("\n");
  };
  return {
    offsetOf: (turn) => shown.get(turn)?.offset ?? 0,
    print: (turn, chunk) => {
      if (chunk.length === 0) return;
      const log = shown.get(turn) ?? open();
      shown.set(turn, log);
      log.offset += chunk.length;
      if (turn !== last && options.json !== true) {
        endLine();
        note(`--- ${turn}\n`);
      }
      last = turn;
      give(turn, log, log.mask.push(chunk));
    },
    end: () => {
      for (const [turn, log] of shown) give(turn, log, log.mask.end());
      endLine();
    },
  };
}
