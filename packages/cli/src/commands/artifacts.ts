import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { nearestName } from "@troupe/config/plain";
import { loadRun, type StateStore, sanitizeLine, sanitizeText, TroupeError } from "@troupe/core";
import { type CommandContext, withStore } from "../command-context.js";
import { type ArtifactRecord, artifactsOf } from "../look/artifact-versions.js";
import { findRun } from "../look/find-run.js";
import { turnsOf } from "../look/turn-history.js";
import { printJson } from "../print/print-json.js";
import { quoteWord } from "../print/quote-word.js";
import { showBytes } from "../print/show-bytes.js";
import { exists } from "../project/project.js";

/** The flags of `artifacts`. */
export interface ArtifactsOptions {
  readonly turn?: string;
  readonly output?: string;
}

/** Lists what the stages of a run left, or gives one version of one file. Takes and changes nothing of the run. */
export async function artifactsCommand(
  context: CommandContext,
  run: string | undefined,
  name: string | undefined,
  options: ArtifactsOptions,
): Promise<number> {
  return await withStore(context, async (store) => {
    const runId = await findRun(store, run, context.note);
    const artifacts = await readArtifacts(store, runId);
    if (name !== undefined)
      return await give(context, store, choose({ runId, artifacts }, name, options.turn), options);
    if (options.turn !== undefined || options.output !== undefined) throw nameMissing(runId, artifacts);
    list(context, runId, artifacts);
    return 0;
  });
}

async function readArtifacts(store: StateStore, runId: string): Promise<readonly ArtifactRecord[]> {
  const { state } = await loadRun(store, runId);
  const entries = [];
  for await (const entry of store.read(runId)) entries.push(entry);
  return artifactsOf(state, turnsOf(entries));
}

function list(
  { options, print, note, project }: CommandContext,
  runId: string,
  artifacts: readonly ArtifactRecord[],
): void {
  if (options.json === true) {
    printJson({ print }, "artifacts", { version: 1, runId, artifacts });
    return;
  }
  const [first] = artifacts;
  if (first === undefined) {
    note(`Run ${runId} has left no file yet. See what it did: troupe show ${runId}\n`);
    return;
  }
  const width = Math.max(...artifacts.map((artifact) => artifact.name.length));
  const stageWidth = Math.max(...artifacts.map((artifact) => artifact.stage.length));
  const lines = artifacts.map(({ name, stage, versions }) => {
    const newest = versions.at(-1);
    const size = newest === undefined ? "" : showBytes(newest.bytes);
    const turns = versions.map(({ turn }) => turn).join(", ");
    return `${sanitizeLine(name).padEnd(width)}  ${size.padEnd(9)}  ${stage.padEnd(stageWidth)}  ${versions.length === 1 ? `version of ${turns}` : `versions of ${turns}`}\n`;
  });
  print(lines.join(""));
  note(
    `Print one: troupe artifacts ${runId} ${quoteWord(first.name)}\nAll newest: ${project.stateFolder}/runs/${runId}/artifacts/latest\n`,
  );
}

/** One version of one file. */
interface Chosen {
  readonly runId: string;
  readonly name: string;
  readonly turn: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly at: number;
}

interface Choice {
  readonly runId: string;
  readonly artifacts: readonly ArtifactRecord[];
}

function choose({ runId, artifacts }: Choice, name: string, turn: string | undefined): Chosen {
  const artifact = artifacts.find((one) => one.name === name);
  if (artifact === undefined) {
    const nearest = nearestName(
      name,
      artifacts.map((one) => one.name),
    );
    const meant = nearest === null ? "" : `; did you mean "${nearest}"?`;
    throw new TroupeError("ARTIFACT_UNKNOWN", `run ${runId} has no artifact "${name}"${meant}`, {
      hint: `See what it has: troupe artifacts ${runId}`,
    });
  }
  const version = turn === undefined ? artifact.versions.at(-1) : artifact.versions.find((one) => one.turn === turn);
  if (version !== undefined) return { runId, name, ...version };
  const turns = artifact.versions.map((one) => one.turn).join(", ");
  throw new TroupeError(
    "ARTIFACT_UNKNOWN",
    `"${name}" of run ${runId} has no version of turn ${turn ?? ""}, but of ${turns}`,
    {
      hint: `See them: troupe artifacts ${runId}`,
    },
  );
}

function nameMissing(runId: string, artifacts: readonly ArtifactRecord[]): TroupeError {
  const name = quoteWord(artifacts[0]?.name ?? "NAME");
  return new TroupeError("USAGE", "which artifact is meant is not said", {
    hint: `Name it: troupe artifacts ${runId} ${name}`,
  });
}

async function give(
  context: CommandContext,
  store: StateStore,
  chosen: Chosen,
  { output }: ArtifactsOptions,
): Promise<number> {
  const { runId, sha256 } = chosen;
  const content = masked(context, store.blobs.get(runId, sha256));
  if (output !== undefined) return await copy(context, chosen, content, resolve(context.cwd, output));
  if (context.options.json === true) {
    const text = (await bytesOf(content)).toString("utf8");
    printJson(context, "artifact", { version: 1, ...chosen, text });
    return 0;
  }
  const { stdout, writeBytes } = context.host;
  if (stdout.isTerminal || writeBytes === undefined) {
    const text = sanitizeText((await bytesOf(content)).toString("utf8"));
    context.print(text.endsWith("\n") ? text : `${text}\n`);
    return 0;
  }
  for await (const chunk of content) await writeBytes(chunk);
  return 0;
}

async function copy(
  context: CommandContext,
  { name, turn, bytes }: Chosen,
  content: AsyncIterable<Uint8Array>,
  path: string,
): Promise<number> {
  if (context.options.yes !== true && (await exists(path))) {
    const answer = await context.ask?.(`${path} is there already. Write over it? [y/N] `);
    if (!/^y(es)?$/i.test(answer?.trim() ?? "")) {
      throw new TroupeError("CONFIRMATION_NEEDED", `${path} is there already`, { hint: "Write over it: add --yes" });
    }
  }
  try {
    await pipeline(Readable.from(content), createWriteStream(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TroupeError("FILE_NOT_WRITTEN", `${name} cannot be copied to ${path}: ${reason}`, {
      hint: "Name another place with -o.",
      cause,
    });
  }
  context.note(`Copied ${sanitizeLine(name)} of ${turn} (${showBytes(bytes)}) to ${path}\n`);
  return 0;
}

/** Files are masked when they are recorded; a secret that was declared since then is masked here. */
async function* masked({ settings }: CommandContext, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const stream = settings.secrets.masker.createStream();
  for await (const chunk of content) yield stream.push(chunk);
  yield stream.end();
}

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
