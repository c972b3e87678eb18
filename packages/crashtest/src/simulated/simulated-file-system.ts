import { constants } from "node:fs";
import { join } from "node:path";
import type { FileStatus, FileSystemPort, OpenFile } from "@troupe/store-fs";
import { systemError } from "./disk.js";
import type { FileInode, Inode } from "./inodes.js";
import type { Machine } from "./machine.js";
import type { SimulatedProcess } from "./simulated-process.js";

const EXT4 = 0xef53;

/** The file system of a machine as one process sees it. What the process asks for after its death never happens. */
export function createSimulatedFileSystem(machine: Machine, process: SimulatedProcess): FileSystemPort {
  const { disk } = machine;
  const change = createChange(machine, process);

  async function removeTree(path: string): Promise<void> {
    await process.enter();
    const inode = disk.find(path);
    if (inode === null) return;
    if (inode.kind === "file") return change("unlink", path, () => disk.unlink(path));
    for (const name of [...inode.names.keys()]) await removeTree(join(path, name));
    await change("rmdir", path, () => disk.removeFolder(path));
  }

  return {
    async open(path, flags) {
      await process.enter();
      const there = disk.find(path);
      if (there !== null) return openFile({ machine, process, path, flags, inode: openable(there, path, flags) });
      if ((flags & constants.O_CREAT) === 0) throw systemError("ENOENT", path);
      const inode = await change("create", path, () => disk.createFile(path));
      return openFile({ machine, process, path, flags, inode });
    },
    makeFolder: (path) => change("mkdir", path, () => disk.makeFolder(path)),
    rename: (from, to) => change("rename", to, () => disk.rename(from, to)),
    link: (from, to) => change("link", to, () => disk.link(from, to)),
    unlink: (path) => change("unlink", path, () => disk.unlink(path)),
    removeTree,
    async status(path) {
      await process.enter();
      return statusOf(disk.at(path));
    },
    async list(path) {
      await process.enter();
      const inode = disk.at(path);
      if (inode.kind !== "folder") throw systemError("ENOTDIR", path);
      return [...inode.names.keys()];
    },
    async volume() {
      await process.enter();
      return { type: EXT4, freeBytes: 1 << 30 };
    },
  };
}

type ChangeCall = <T>(call: string, path: string, plan: () => () => T, half?: () => void) => Promise<T>;

/**
 * Makes a call that changes something, and lets happen what is planned for it. `plan` throws what the call would fail
 * with; such a call changes nothing and is not counted. `half` is what the call has done in the middle of itself.
 */
function createChange(machine: Machine, process: SimulatedProcess): ChangeCall {
  return async (call, path, plan, half) => {
    await process.enter();
    plan();
    const point = machine.count(call, path);
    if (point !== null && point.when !== "after") {
      if (point.when === "during" && point.kind !== "stop") half?.();
      machine.strike(point, process);
      await process.enter();
    }
    const result = plan()();
    if (point?.when === "after") {
      machine.strike(point, process);
      await process.enter();
    }
    return result;
  };
}

interface Opened {
  readonly machine: Machine;
  readonly process: SimulatedProcess;
  readonly path: string;
  readonly flags: number;
  readonly inode: Inode;
}

function openFile({ machine, process, path, flags, inode }: Opened): OpenFile {
  const { disk } = machine;
  const change = createChange(machine, process);
  const isAppend = (flags & constants.O_APPEND) !== 0;
  let position = 0;
  let isOpen = true;
  const file = (): FileInode => {
    if (!isOpen) throw systemError("EBADF", path);
    if (inode.kind !== "file") throw systemError("EISDIR", path);
    return inode;
  };
  const writeAt = (bytes: Uint8Array): void => {
    const at = isAppend ? file().content.length : position;
    disk.write(file(), at, bytes);
    position = at + bytes.length;
  };
  const half = (bytes: Uint8Array): void => writeAt(bytes.subarray(0, bytes.length >> 1));
  return {
    async write(bytes) {
      file();
      const copy = Buffer.from(bytes);
      await change(
        "write",
        path,
        () => () => writeAt(copy),
        () => half(copy),
      );
      return copy.length;
    },
    async read(buffer, at) {
      await process.enter();
      return file().content.copy(buffer, 0, at);
    },
    async status() {
      await process.enter();
      return statusOf(inode);
    },
    datasync: () => change("datasync", path, () => () => disk.sync(inode)),
    sync: () => change("sync", path, () => () => disk.sync(inode)),
    truncate: () => change("truncate", path, () => () => disk.truncate(file())),
    setModified: (atMs) => change("utimes", path, () => () => disk.setModified(file(), atMs)),
    async close() {
      isOpen = false;
    },
  };
}

function openable(inode: Inode, path: string, flags: number): Inode {
  if ((flags & constants.O_CREAT) !== 0 && (flags & constants.O_EXCL) !== 0) throw systemError("EEXIST", path);
  const writes = (flags & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
  if (inode.kind === "folder" && writes) throw systemError("EISDIR", path);
  return inode;
}

function statusOf(inode: Inode): FileStatus {
  const { kind, id, modifiedAtMs } = inode;
  return { kind, size: kind === "file" ? inode.content.length : 4096, modifiedAtMs, identity: `1:${id}:0` };
}
