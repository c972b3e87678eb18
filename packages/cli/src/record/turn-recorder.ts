import { rename, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type AgentRequest,
  type AgentRunner,
  type BlobStore,
  concludeReview,
  type EventOf,
  type ProgressReporter,
  readText,
  type SecretMasker,
  stageOfTurn,
  type TurnResult,
  type TurnUsage,
  type TurnView,
  type Usage,
  type Verdict,
} from "@troupe/core";
import { MAX_FILE_BYTES, type RecordedFile, recordBytes, recordTreeFile } from "./recorded-file.js";
import { changedBetween, listTree } from "./tree-files.js";

/** What is recorded, and where. */
export interface RecorderOptions {
  /** Absolute. */
  readonly file: string;
  readonly masker: SecretMasker;
  /** Stages that may change the working tree. */
  readonly treeWriters: ReadonlySet<string>;
  warn(message: string): void;
}

/** Writes what the agents of a run do as a cassette, from which `agent-replay` does it again. */
export interface TurnRecorder {
  /** The same agent, with an eye on the files that it changes. */
  watchAgent(agent: AgentRunner): AgentRunner;
  /** Told of the turns; contents come from `blobs`. */
  reporter(blobs: BlobStore): ProgressReporter;
  /** Resolves with the number of recorded turns when everything is written. */
  close(): Promise<number>;
}

interface Settled {
  readonly runId: string;
  readonly view: TurnView;
  readonly result: TurnResult;
}

/**
 * The newest result of each stage, round, sort of turn and agent counts: that is what a cassette is asked for. The file
 * is written anew after each turn, beside and then over the old one, so that a killed run leaves a whole cassette.
 */
export function createTurnRecorder({ file, masker, treeWriters, warn }: RecorderOptions): TurnRecorder {
  const changed = new Map<string, readonly RecordedFile[]>();
  const lines = new Map<string, string>();
  let writing = Promise.resolve();
  const add = async (blobs: BlobStore, settled: Settled): Promise<void> => {
    const files = changed.get(settled.view.turn) ?? [];
    changed.delete(settled.view.turn);
    const recorded = await lineOf(blobs, settled, files, masker);
    if (recorded === null) return;
    lines.set(recorded.key, recorded.line);
    await writeFile(`${file}.part`, [...lines.values()].join(""));
    await rename(`${file}.part`, file);
  };
  return {
    watchAgent: (agent) => ({
      // not by spreading: a class keeps its methods elsewhere than in itself
      ...(agent.check === undefined ? {} : { check: agent.check.bind(agent) }),
      close: async () => await agent.close?.(),
      run: async (request, context) => {
        if (!treeWriters.has(request.stage)) return await agent.run(request, context);
        const before = await listTree(request.cwd);
        try {
          return await agent.run(request, context);
        } finally {
          const files = await changedFiles(request, before, { file, masker, warn });
          changed.set(request.turn, merged(changed.get(request.turn) ?? [], files));
        }
      },
    }),
    reporter: (blobs) => ({
      report: createListener((settled) => {
        writing = writing
          .then(() => add(blobs, settled))
          .catch((error: unknown) => {
            warn(`${settled.view.turn} was not recorded: ${error instanceof Error ? error.message : String(error)}`);
          });
      }),
    }),
    close: async () => {
      await writing;
      return lines.size;
    },
  };
}

/** Pairs each settled turn of an agent with how it was started. */
function createListener(settle: (settled: Settled) => void): ProgressReporter["report"] {
  const started = new Map<string, TurnView>();
  return (event) => {
    if (event.type !== "entry") return;
    for (const each of event.entry.events) {
      if (each.type === "turn.started") started.set(each.turn, viewOf(each, event.state.epoch, event.entry.at));
      if (each.type !== "turn.settled") continue;
      const view = started.get(each.turn);
      started.delete(each.turn);
      if (view !== undefined && view.agent !== null) {
        settle({ runId: event.state.runId, view, result: each.result });
      }
    }
  };
}

function viewOf(event: EventOf<"turn.started">, epoch: number, startedAt: number): TurnView {
  const { turn, kind, round, attempt, agent } = event;
  return { turn, kind, round, attempt, agent, epoch, startedAt };
}

async function changedFiles(
  { cwd, turn }: AgentRequest,
  before: Awaited<ReturnType<typeof listTree>>,
  { file: own, masker, warn }: Pick<RecorderOptions, "file" | "masker" | "warn">,
): Promise<readonly RecordedFile[]> {
  const files: RecordedFile[] = [];
  for (const path of changedBetween(before, await listTree(cwd))) {
    if ([own, `${own}.part`].includes(resolve(cwd, path))) continue; // the recording itself
    const file = await recordTreeFile(cwd, path, masker);
    if (file !== null) files.push(file);
    else warn(`${path} of ${turn} is larger than ${MAX_FILE_BYTES} bytes and is not in the recording`);
  }
  return files;
}

/** An agent may be asked twice within a turn; the newest version of a file counts. */
function merged(before: readonly RecordedFile[], after: readonly RecordedFile[]): readonly RecordedFile[] {
  return [...new Map([...before, ...after].map((file) => [file.path, file])).values()];
}

async function lineOf(
  blobs: BlobStore,
  { runId, view, result }: Settled,
  changed: readonly RecordedFile[],
  masker: SecretMasker,
): Promise<{ readonly key: string; readonly line: string } | null> {
  if (result.status === "interrupted") return null; // it will be asked for again
  const { kind, round, agent, turn } = view;
  const key = { stage: stageOfTurn(turn), round, turn: kind, agent };
  const text = result.output === null ? "" : await readText(blobs, runId, result.output);
  const files = [...changed];
  if (result.status === "succeeded") {
    for (const { name, sha256 } of result.artifacts) {
      const recorded = recordBytes({ path: name, root: "artifacts" }, await bytesOf(blobs.get(runId, sha256)), masker);
      if (recorded !== null) files.push(recorded);
    }
  }
  const line = {
    ...key,
    output: result.status === "succeeded" ? concluding(text, result.verdict ?? null) : text,
    ...(files.length === 0 ? {} : { files }),
    ...(result.usage === null ? {} : { usage: wholeOf(result.usage) }),
    ...(result.status === "failed" ? { error: errorOf(result) } : {}),
  };
  return { key: JSON.stringify(key), line: `${JSON.stringify(line)}\n` };
}

/** What not every prompt of a turn told is unknown to a recording, which knows of one prompt. */
function wholeOf({ inputTokens, outputTokens, costUsd, partial = [] }: TurnUsage): Usage {
  const hasTokens = !partial.includes("tokens");
  return {
    inputTokens: hasTokens ? inputTokens : null,
    outputTokens: hasTokens ? outputTokens : null,
    costUsd: partial.includes("cost") ? null : costUsd,
  };
}

function errorOf({
  error,
  retry,
}: Extract<TurnResult, { readonly status: "failed" }>): Readonly<Record<string, string>> {
  return { code: error.code, message: error.message, ...(retry === "never" ? { retry } : {}) };
}

/** A verdict that was given by a tool or a schema is written out: a recording has nothing but text to give it. */
function concluding(text: string, verdict: Verdict | null): string {
  if (verdict === null || concludeReview([], text)?.decision === verdict.decision) return text;
  const mark = verdict.decision === "approved" ? "VERIFIED_APPROVED" : "REJECTED";
  const [first = "see above", ...others] = verdict.reasons.map((reason) => reason.replaceAll(/\s*\n\s*/g, " "));
  const conclusion = [`${mark}: ${first}`, ...others.map((reason) => `- ${reason}`)].join("\n");
  const concluded = `${text.trimEnd()}\n\n${conclusion}\n`;
  if (concludeReview([], concluded)?.decision === verdict.decision) return concluded;
  // something in the text puts all that follows in doubt, as a fence that is never closed does
  return `${text.trimEnd().replace(/^/gm, "> ")}\n\n${conclusion}\n`;
}

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
