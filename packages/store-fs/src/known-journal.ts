import type { FileStatus } from "./file-system-port.js";
import type { Cursor } from "./journal-reader.js";

/** What a store knows of a journal. */
export interface KnownJournal {
  /** Everything before it is judged. */
  readonly cursor: Cursor;
  /** So many bytes from the beginning are on the disk, and if there are any, the name of the run is. */
  readonly syncedBytes: number;
  /** What the file looked like when it was judged so far; null = that was not looked at. */
  readonly seen: FileStatus | null;
}
