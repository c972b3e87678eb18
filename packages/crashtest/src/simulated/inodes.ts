/** A file: what processes see, and what would be there after a power loss. */
export interface FileInode {
  readonly kind: "file";
  readonly id: number;
  content: Buffer;
  durable: Buffer;
  modifiedAtMs: number;
  durableModifiedAtMs: number;
}

/** A folder: the names that processes see, and those that would be there after a power loss. */
export interface FolderInode {
  readonly kind: "folder";
  readonly id: number;
  names: Map<string, Inode>;
  readonly durable: Map<string, Inode>;
  modifiedAtMs: number;
}

export type Inode = FileInode | FolderInode;

/** One name of a folder set to something, or removed (null). */
interface NameChange {
  readonly folder: FolderInode;
  readonly name: string;
  readonly target: Inode | null;
}

/** What processes see and no sync has brought to the disk yet. All names of a rename change together or not at all. */
export type Change =
  | { readonly kind: "write"; readonly file: FileInode; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly file: FileInode }
  | { readonly kind: "modified"; readonly file: FileInode; readonly atMs: number }
  | { readonly kind: "names"; readonly changes: readonly NameChange[] };

/** Whether a sync of `inode` brings the change to the disk. */
export function touches(change: Change, inode: Inode): boolean {
  if (change.kind === "names") return change.changes.some(({ folder }) => folder === inode);
  return change.file === inode;
}

/** Brings a change to the disk. */
export function settleChange(change: Change): void {
  switch (change.kind) {
    case "write":
      change.file.durable = writeInto(change.file.durable, change.at, change.bytes);
      return;
    case "truncate":
      change.file.durable = Buffer.alloc(0);
      return;
    case "modified":
      change.file.durableModifiedAtMs = change.atMs;
      return;
    default:
      for (const { folder, name, target } of change.changes) {
        if (target === null) folder.durable.delete(name);
        else folder.durable.set(name, target);
      }
  }
}

/** The bytes with others written over them from `at`; a gap is filled with zeros. */
export function writeInto(content: Buffer, at: number, bytes: Uint8Array): Buffer {
  const written = Buffer.alloc(Math.max(content.length, at + bytes.length));
  content.copy(written);
  written.set(bytes, at);
  return written;
}
