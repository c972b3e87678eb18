import { hash } from "node:crypto";
import { close as closeCallback, fdatasync as fdatasyncCallback, open as openCallback, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32 } from "node:zlib";
import PQueue from "p-queue";

const open = promisify(openCallback);
const close = promisify(closeCallback);
const fdatasync = promisify(fdatasyncCallback);

interface Settled {
  readonly type: "turn.settled";
  readonly turn: string;
  readonly output: { readonly sha256: string; readonly bytes: number; readonly text: string };
}

/**
 * The least that any loop does which performs empty jobs through a queue, `slots` at a time, and starts none before the
 * end of those before is on the disk: what has settled goes, with what starts next, as JSON with its checksum into one
 * write and one sync. It knows no state, no graph, no other process and no failure. Milliseconds for all of them.
 */
export async function timeBareLoop(folder: string, jobs: number, slots: number): Promise<number> {
  const file = await open(join(folder, "bare-loop"), "ax", 0o600);
  const begin = performance.now();
  const queue = new PQueue({ concurrency: slots });
  let settled: readonly Settled[] = [];
  for (let started = 0; settled.length > 0 || started < jobs; ) {
    const next = Array.from({ length: Math.min(slots, jobs - started) }, (_, at) => `S${started + at}.1`);
    started += next.length;
    writeSync(file, lineOf(settled, next));
    await fdatasync(file);
    settled = await Promise.all(next.map((turn) => queue.add(() => perform(turn))));
  }
  const took = performance.now() - begin;
  await close(file);
  return took;
}

async function perform(turn: string): Promise<Settled> {
  return { type: "turn.settled", turn, output: { sha256: hash("sha256", ""), bytes: 0, text: "" } };
}

function lineOf(settled: readonly Settled[], next: readonly string[]): Buffer {
  const completed = settled.map(({ turn }) => ({ type: "stage.completed", turn }));
  const started = next.map((turn) => ({ type: "turn.started", turn, kind: "work", round: 1, attempt: 1 }));
  const body = JSON.stringify({ v: 1, at: Date.now(), events: [...settled, ...completed, ...started] });
  return Buffer.from(`\n${body.slice(0, -1)},"crc":"${crc32(body).toString(16)}"}\n`);
}
