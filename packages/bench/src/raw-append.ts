import { close as closeCallback, fdatasync as fdatasyncCallback, open as openCallback, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const open = promisify(openCallback);
const close = promisify(closeCallback);
const fdatasync = promisify(fdatasyncCallback);

/**
 * The floor of the disk: one write of so many bytes to the end of a file, and one sync, awaited like any process has to
 * that does something else meanwhile. Milliseconds for all of them.
 */
export async function timeRawAppends(folder: string, count: number, bytes: number): Promise<number> {
  const file = await open(join(folder, "raw"), "ax", 0o600);
  const line = Buffer.alloc(bytes, "x");
  const begin = performance.now();
  for (let done = 0; done < count; done += 1) {
    writeSync(file, line);
    await fdatasync(file);
  }
  const took = performance.now() - begin;
  await close(file);
  return took;
}
