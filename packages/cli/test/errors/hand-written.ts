import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { vi } from "vitest";
import type { TestCli } from "../cli-harness.js";

type HandEvent = Readonly<Record<string, unknown>> & { readonly type: string };

interface JournalLine {
  readonly seq: number;
  readonly at: number;
  readonly events: readonly HandEvent[];
  readonly summary: unknown;
  readonly crc: string;
}

function journalOf(cli: TestCli): string {
  return `.troupe/runs/${cli.runId()}/journal.jsonl`;
}

function linesOf(cli: TestCli): readonly JournalLine[] {
  const lines = cli.read(journalOf(cli)).split("\n");
  return lines.flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
}

/** Appends a line whose checksum is right to the journal of the only run, as another process would. */
export async function appendByHand(cli: TestCli, events: readonly HandEvent[], version = 1): Promise<void> {
  const last = linesOf(cli).at(-1);
  if (last === undefined) throw new Error("the journal is empty");
  const { seq, at, summary, crc: prev } = last;
  const line = { v: version, seq: seq + 1, id: `by-hand-${seq + 1}`, at, events, summary, prev };
  const body = JSON.stringify(line).slice(0, -1);
  const crc = crc32(body).toString(16).padStart(8, "0");
  await appendFile(join(cli.folder, journalOf(cli)), `\n${body},"crc":"${crc}"}\n`);
}

/** Another host claims the only run, whoever holds it. */
export async function claimByHand(cli: TestCli): Promise<void> {
  const claims = linesOf(cli).flatMap(({ events }) => events.filter(({ type }) => type === "run.claimed"));
  const newest = claims.at(-1);
  if (newest === undefined) throw new Error("nobody has claimed the run");
  await appendByHand(cli, [{ ...newest, epoch: Number(newest.epoch) + 1 }]);
}

/** Performs a command that begins the turn number `turns` of the run, and leaves what it would have left had it died there. */
export async function dieInTurn(cli: TestCli, turns: number, ...args: readonly string[]): Promise<void> {
  const running = cli.run(...args);
  const atDeath = await vi.waitFor(
    () => {
      const text = cli.read(journalOf(cli));
      if (text.split('"turn.started"').length !== turns + 1) throw new Error(`not ${turns} turns:\n${text}`);
      return text;
    },
    { timeout: 60_000, interval: 10 },
  );
  cli.signal("SIGINT");
  await running;
  await cli.write(journalOf(cli), atDeath);
}
