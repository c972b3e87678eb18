import { join } from "node:path";
import type { StateStore } from "@troupe/core";
import { faultyFileSystem } from "./faulty-file-system.js";
import { openStore, tempFolder } from "./temp-store.js";

/** A store that tells what it asks of the file system: each call that changes something or brings it to the disk. */
export interface RecordedStore {
  readonly store: StateStore;
  readonly folder: string;
  /** What was asked since the last look, by paths below `.troupe`; random parts are named. */
  calls(): readonly string[];
}

const CHANGING = ["makeFolder", "rename", "link", "unlink", "removeTree"];

export async function recordedStore(): Promise<RecordedStore> {
  const base = await tempFolder();
  const folder = join(base, ".troupe");
  let calls: string[] = [];
  const note = (name: string, path: string): void => {
    const below = path === base ? "(parent)" : path.slice(base.length + 1);
    calls.push(`${name} ${below.replace(/\b[0-9a-f]{64}\b/g, "HASH").replace(/\b[0-9a-f]{16,32}\b/g, "RANDOM")}`);
  };
  const fileSystem = faultyFileSystem({
    write: (path) => void note("write", path),
    sync: (path) => void note("sync", path),
    datasync: (path) => void note("datasync", path),
    call: (name, path) => void (CHANGING.includes(name) && note(name, path)),
  });
  return {
    folder,
    store: openStore(folder, { fileSystem }),
    calls() {
      const seen = calls;
      calls = [];
      return seen;
    },
  };
}
