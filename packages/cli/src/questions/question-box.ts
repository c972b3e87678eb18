import { readdirSync, readFileSync } from "node:fs";
import { link, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  hasCode,
  type PluginHost,
  type RunId,
  type RunnerHost,
  randomHex,
  sanitizeLine,
  TroupeError,
  type TurnId,
} from "@troupe/core";
import { showMoment } from "../print/show-time.js";

/** How often it is looked for an answer. */
const LOOK_MS = 500;
/** Whoever answers sees the end of a question too. */
const MOST_CHARACTERS = 4000;

/** A question of an agent that waits for somebody at another terminal. */
export interface OpenQuestion {
  /** The turn's id, with a number behind it for a second question at the same time. */
  readonly id: string;
  readonly turn: TurnId;
  readonly question: string;
  /** ms since the epoch. */
  readonly askedAt: number;
  /** Then it counts as refused. */
  readonly until: number;
}

function questionFolder(stateFolder: string, runId: RunId): string {
  return join(stateFolder, "runs", runId, "questions");
}

/**
 * Asks where nobody is at a terminal: the question lies in the run's folder until `troupe answer` gives its answer. It
 * is taken away, and rejects, when the turn ends or nobody has answered within `waitMs`; null = nobody is asked.
 */
export function createQuestionBox(
  { clock, logger, stateFolder }: Pick<PluginHost, "clock" | "logger" | "stateFolder">,
  waitMs: number | null,
  place = (text: string): string => text,
): NonNullable<RunnerHost["ask"]> | null {
  if (waitMs === null) return null;
  const open = new Set<string>();
  return async (question, signal, { runId, turn }) => {
    signal.throwIfAborted();
    const id = freeId(turn, open); // before anything is awaited: who asks first has the first id
    open.add(id);
    const folder = questionFolder(stateFolder, runId);
    const askedAt = clock.now();
    const asked: OpenQuestion = {
      id,
      turn,
      question: question.slice(0, MOST_CHARACTERS),
      askedAt,
      until: askedAt + waitMs,
    };
    try {
      await makeFolder(folder);
      await writeFile(join(folder, `.${id}`), JSON.stringify(asked), { mode: 0o600 });
      await rename(join(folder, `.${id}`), join(folder, `${id}.json`));
      const until = `waits for an answer until ${showMoment(asked.until)} UTC`;
      logger.warn(`${question.trim()} (${until}; from any terminal: ${place(`troupe answer ${runId} ${id} yes`)})`);
      return await waitForAnswer({ clock, file: join(folder, `${id}.answer`), waitMs, signal });
    } finally {
      open.delete(id);
      for (const name of [`${id}.json`, `${id}.answer`]) await rm(join(folder, name), { force: true });
    }
  };
}

function freeId(turn: TurnId, open: ReadonlySet<string>): string {
  for (let number = 2, id: string = turn; ; number += 1) {
    if (!open.has(id)) return id;
    id = `${turn}-${number}`;
  }
}

async function waitForAnswer(wait: {
  readonly clock: PluginHost["clock"];
  readonly file: string;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}): Promise<string> {
  const { clock, file, waitMs, signal } = wait;
  const end = clock.monotonic() + waitMs;
  for (;;) {
    const answer = readIfThere(file);
    if (answer !== null) return answer;
    const left = end - clock.monotonic();
    if (left <= 0) throw new Error("nobody has answered in time");
    await clock.wait(Math.min(LOOK_MS, left), signal);
    signal.throwIfAborted();
  }
}

/** What agents of a run wait for, oldest first. What is no question is passed over: agents may write there too. */
export async function readQuestions(stateFolder: string, runId: RunId): Promise<readonly OpenQuestion[]> {
  const folder = questionFolder(stateFolder, runId);
  const questions = namesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => parseQuestion(readIfThere(join(folder, name))) ?? []);
  return questions.toSorted((one, other) => one.askedAt - other.askedAt);
}

/** What is asked, and the command that answers it; two lines each. */
export function showQuestions(
  { place }: { place(text: string): string },
  runId: RunId,
  questions: readonly OpenQuestion[],
): string {
  return questions
    .map(
      ({ id, question, until }) =>
        `${sanitizeLine(question).trim()}\n  Until ${showMoment(until)} UTC: ${place(`troupe answer ${runId} ${id} yes`)}\n`,
    )
    .join("");
}

/** Gives the answer once, whole. Rejects `NOT_WAITING` when somebody else was first. */
export async function giveAnswer(
  stateFolder: string,
  runId: RunId,
  { id }: OpenQuestion,
  answer: string,
): Promise<void> {
  const folder = questionFolder(stateFolder, runId);
  const draft = join(folder, `.${id}.${randomHex(8)}`);
  await writeFile(draft, answer, { mode: 0o600 });
  try {
    await link(draft, join(folder, `${id}.answer`)); // unlike a rename it fails where one is
  } catch (cause) {
    if (systemCode(cause) !== "EEXIST")
      throw new TroupeError("STORE_FAILED", `the answer cannot be written to ${folder}`, { cause });
    throw new TroupeError("NOT_WAITING", `${id} of run ${runId} was answered already`, {
      hint: `See what is open: troupe answer ${runId}`,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/** An agent may have put something else there. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await lstat(folder)).isDirectory()) throw new TroupeError("STORE_FAILED", `${folder} is not a folder`);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nobody has asked
  }
}

/** Without waiting: it is one small file, and nothing else is needed of what hands files to other threads. */
function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

function systemCode(error: unknown): unknown {
  return error instanceof Error && "code" in error && !hasCode(error) ? error.code : null;
}

function parseQuestion(text: string | null): OpenQuestion | null {
  try {
    const value: Partial<Record<keyof OpenQuestion, unknown>> = Object(JSON.parse(text ?? "null"));
    const { id, turn, question, askedAt, until } = value;
    const isText = typeof id === "string" && typeof turn === "string" && typeof question === "string";
    if (!isText || !/^[\w.-]+$/.test(id) || typeof askedAt !== "number" || typeof until !== "number") return null;
    return { id, turn, question, askedAt, until };
  } catch {
    return null; // half of one, or something else
  }
}
