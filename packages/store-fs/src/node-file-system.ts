import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncate,
  futimes,
  lstatSync,
  openSync,
  promises,
  read,
  readdirSync,
  readSync,
  type Stats,
  write,
  writeSync,
} from "node:fs";
import { mountTypeOf } from "@troupe/core";
import type { FileStatus, FileSystemPort, OpenFile } from "./file-system-port.js";

// `promises` is loaded when something of it is used: nothing that only looks at runs does.
// Plain descriptors instead of FileHandle: measured, an append of write, fdatasync and read costs a fifth less.

/**
 * A journal line and its look-up go to the page cache and back in microseconds, as does a look at a file or a path, less
 * than handing them to another thread costs; the sync of what was written, which waits for the disk, never blocks.
 */
const SMALL_BYTES = 16 * 1024;
/** Of a read: starting the threads for it would take longer than copying so many bytes. */
const SMALL_READ_BYTES = 64 * 1024;
/**
 * Syncs that block, of a process that has written nothing: it looks at a run or two, and mostly all of them is on the disk
 * already, so that starting threads for it, Node's four at once, would take longer than all else that the store does.
 */
const READERS_SYNCS = 8;
let readersSyncsLeft = READERS_SYNCS;

/** Whether the next sync may block. Whoever writes has other things to do meanwhile. */
function maySyncInPlace(): boolean {
  readersSyncsLeft -= 1;
  return readersSyncsLeft >= 0;
}

/** The file system of this machine. */
export const nodeFileSystem: FileSystemPort = {
  async open(path, flags) {
    if ((flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0) readersSyncsLeft = 0;
    return openFile(openSync(path, flags, 0o600));
  },
  async makeFolder(path) {
    await promises.mkdir(path, { mode: 0o700 });
  },
  rename: (from, to) => promises.rename(from, to),
  link: (from, to) => promises.link(from, to),
  unlink: (path) => promises.unlink(path),
  removeTree: (path) => promises.rm(path, { recursive: true, force: true }),
  status: async (path) => statusOf(lstatSync(path)),
  list: async (path) => readdirSync(path),
  async volume(path) {
    const { type, bavail, bsize } = await promises.statfs(path);
    const mountedAs = await mountType(path);
    return { type, freeBytes: bavail * bsize, ...(mountedAs === undefined ? {} : { mountedAs }) };
  },
};

async function mountType(path: string): Promise<string | undefined> {
  const mounts = await promises.readFile("/proc/self/mountinfo", "utf8").catch(() => ""); // not Linux, or closed
  return mountTypeOf(mounts, (await promises.stat(path)).dev);
}

function openFile(opened: number): OpenFile {
  let isOpen = true;
  // After closing the number may belong to another file: nothing may reach it any more.
  const fd = (): number => {
    if (!isOpen) throw Object.assign(new Error("the file is closed"), { code: "EBADF" });
    return opened;
  };
  return {
    async write(bytes) {
      if (bytes.length <= SMALL_BYTES) return writeSync(fd(), bytes, 0, bytes.length, null);
      return await called((done: Done<number>) => write(fd(), bytes, 0, bytes.length, null, done));
    },
    async read(buffer, position) {
      if (buffer.length <= SMALL_READ_BYTES) return readSync(fd(), buffer, 0, buffer.length, position);
      return await called((done: Done<number>) => read(fd(), buffer, 0, buffer.length, position, done));
    },
    status: async () => statusOf(fstatSync(fd())),
    datasync: () =>
      new Promise((resolve, reject) => {
        if (maySyncInPlace()) resolve(fdatasyncSync(fd()));
        else fdatasync(fd(), (error) => (error === null ? resolve() : reject(error)));
      }),
    sync: async () => (maySyncInPlace() ? fsyncSync(fd()) : called((done) => fsync(fd(), done))),
    truncate: () => called((done) => ftruncate(fd(), 0, done)),
    setModified: (atMs) => called((done) => futimes(fd(), atMs / 1000, atMs / 1000, done)),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(opened);
    },
  };
}

type Done<Result> = (error: Error | null, result: Result) => void;

/** A call with a callback as a promise; making one of each call at the start, as `promisify` does, costs every start. */
function called<Result = void>(call: (done: Done<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    call((error, result) => (error === null ? resolve(result) : reject(error)));
  });
}

function statusOf(stats: Stats): FileStatus {
  return {
    kind: kindOf(stats),
    size: stats.size,
    modifiedAtMs: Math.round(stats.mtimeMs),
    identity: `${stats.dev}:${stats.ino}:${stats.birthtimeMs}`,
  };
}

function kindOf(stats: Stats): FileStatus["kind"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "folder";
  return stats.isSymbolicLink() ? "link" : "other";
}
