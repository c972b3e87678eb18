import { basename, dirname } from "node:path";
import {
  type Change,
  type FileInode,
  type FolderInode,
  type Inode,
  settleChange,
  touches,
  writeInto,
} from "./inodes.js";
import { restart } from "./power-loss.js";
import type { Survival } from "./survival.js";

/** An error as `node:fs` gives it. */
export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/**
 * The files of a machine. A call that would fail throws at once; one that would succeed is handed back as a function,
 * so that whoever counts calls can let the machine die before or after it. Every change is seen by all processes at
 * once, and is safe from a power loss only after a sync of the file or the folder that it is in.
 */
export class Disk {
  readonly root: FolderInode;
  #pending: Change[] = [];
  #inodes = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.root = this.#newFolder();
  }

  /** The inode at an absolute path; throws `ENOENT` and `ENOTDIR`. */
  at(path: string): Inode {
    const found = this.find(path);
    if (found === null) throw systemError("ENOENT", path);
    return found;
  }

  find(path: string): Inode | null {
    if (path === "/") return this.root;
    return this.folderOf(path).names.get(basename(path)) ?? null;
  }

  /** The folder that the path's last name is in. */
  folderOf(path: string): FolderInode {
    const parent = this.find(dirname(path));
    if (parent === null) throw systemError("ENOENT", path);
    if (parent.kind !== "folder") throw systemError("ENOTDIR", path);
    return parent;
  }

  createFile(path: string): () => FileInode {
    const folder = this.folderOf(path);
    if (folder.names.has(basename(path))) throw systemError("EEXIST", path);
    return () => {
      const file = this.#newFile();
      this.#setNames([{ folder, name: basename(path), target: file }]);
      return file;
    };
  }

  makeFolder(path: string): () => void {
    const folder = this.folderOf(path);
    if (folder.names.has(basename(path))) throw systemError("EEXIST", path);
    return () => this.#setNames([{ folder, name: basename(path), target: this.#newFolder() }]);
  }

  link(from: string, to: string): () => void {
    const target = this.at(from);
    const folder = this.folderOf(to);
    if (target.kind !== "file") throw systemError("EPERM", from);
    if (folder.names.has(basename(to))) throw systemError("EEXIST", to);
    return () => this.#setNames([{ folder, name: basename(to), target }]);
  }

  unlink(path: string): () => void {
    const target = this.at(path);
    if (target.kind !== "file") throw systemError("EISDIR", path);
    return () => this.#setNames([{ folder: this.folderOf(path), name: basename(path), target: null }]);
  }

  removeFolder(path: string): () => void {
    const target = this.at(path);
    if (target.kind !== "folder") throw systemError("ENOTDIR", path);
    if (target.names.size > 0) throw systemError("ENOTEMPTY", path);
    return () => this.#setNames([{ folder: this.folderOf(path), name: basename(path), target: null }]);
  }

  /** One change, whether within a folder or between two: after a power loss it has happened or it has not. */
  rename(from: string, to: string): () => void {
    const target = this.at(from);
    const [source, goal] = [this.folderOf(from), this.folderOf(to)];
    const there = goal.names.get(basename(to));
    if (there !== undefined && there.kind !== target.kind) {
      throw systemError(there.kind === "folder" ? "EISDIR" : "ENOTDIR", to);
    }
    if (there?.kind === "folder" && there.names.size > 0) throw systemError("ENOTEMPTY", to);
    return () =>
      this.#setNames([
        { folder: source, name: basename(from), target: null },
        { folder: goal, name: basename(to), target },
      ]);
  }

  write(file: FileInode, at: number, bytes: Uint8Array): void {
    file.content = writeInto(file.content, at, bytes);
    this.#pending.push({ kind: "write", file, at, bytes: Buffer.from(bytes) });
    this.setModified(file, this.#now());
  }

  truncate(file: FileInode): void {
    file.content = Buffer.alloc(0);
    this.#pending.push({ kind: "truncate", file });
    this.setModified(file, this.#now());
  }

  setModified(file: FileInode, atMs: number): void {
    file.modifiedAtMs = atMs;
    this.#pending.push({ kind: "modified", file, atMs });
  }

  /** `fsync`: of a file its content, of a folder the names in it; never the name of the thing itself. */
  sync(inode: Inode): void {
    for (const change of this.#pending) if (touches(change, inode)) settleChange(change);
    this.#pending = this.#pending.filter((change) => !touches(change, inode));
  }

  /** What a power loss now could take away. */
  get unsynced(): readonly Change[] {
    return this.#pending;
  }

  /** The power goes and comes back: of what was not synced only that is left what `survives` says. */
  losePower(survives: (change: Change) => Survival): void {
    restart(this.root, this.#pending, survives);
    this.#pending = [];
  }

  #setNames(changes: Extract<Change, { readonly kind: "names" }>["changes"]): void {
    for (const { folder, name, target } of changes) {
      if (target === null) folder.names.delete(name);
      else folder.names.set(name, target);
      folder.modifiedAtMs = this.#now();
    }
    this.#pending.push({ kind: "names", changes });
  }

  #newFile(): FileInode {
    const [empty, at] = [Buffer.alloc(0), this.#now()];
    const times = { modifiedAtMs: at, durableModifiedAtMs: at };
    this.#inodes += 1;
    return { kind: "file", id: this.#inodes, content: empty, durable: empty, ...times };
  }

  #newFolder(): FolderInode {
    this.#inodes += 1;
    return { kind: "folder", id: this.#inodes, names: new Map(), durable: new Map(), modifiedAtMs: this.#now() };
  }
}
