/** What a path is, without following a symbolic link. */
export interface FileStatus {
  readonly kind: "file" | "folder" | "link" | "other";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAtMs: number;
  /** Equal only for the very same file: device, inode and birth, so that a reused inode is told apart. */
  readonly identity: string;
}

/** An open file. Every write is one system call whose count the caller must look at. */
export interface OpenFile {
  /** One `write(2)`: the bytes written, which may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>;
  /** One `pread(2)`: the bytes read; 0 at the end. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  status(): Promise<FileStatus>;
  /** Content and size are on the disk when it resolves. */
  datasync(): Promise<void>;
  /** All of it is on the disk when it resolves; of a folder: its names. */
  sync(): Promise<void>;
  /** Makes it empty; needs no space. */
  truncate(): Promise<void>;
  setModified(atMs: number): Promise<void>;
  /** Closing twice is harmless. */
  close(): Promise<void>;
}

/** The file system that a path lies on. */
interface Volume {
  /** `f_type` of statfs(2). */
  readonly type: number;
  readonly freeBytes: number;
  /** What it is mounted as, such as `ext4` or `fuse.sshfs`; not given = unknown. */
  readonly mountedAs?: string;
}

/**
 * All that the store asks of a file system, small enough for a test to put one in its place that fails or forgets.
 * Rejections are Node's errors, with their `code`.
 */
export interface FileSystemPort {
  /** `flags` as of `node:fs` constants; a new file gets mode 0600. */
  open(path: string, flags: number): Promise<OpenFile>;
  /** One level, mode 0700. */
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** With all below it; follows no link; a missing path is not an error. */
  removeTree(path: string): Promise<void>;
  /** Of the path itself, links not followed. */
  status(path: string): Promise<FileStatus>;
  /** Names in a folder, unsorted. */
  list(path: string): Promise<readonly string[]>;
  volume(path: string): Promise<Volume>;
}
