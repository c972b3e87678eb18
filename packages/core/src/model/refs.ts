import type { AgentId, GroupName, Sha256, StageId, TurnId } from "./ids.js";

/** Texts of at most this many bytes (UTF-8) lie in the journal itself, larger ones in the blob store. */
export const INLINE_TEXT_BYTES: number = 8 * 1024;

/** Content in the blob store. */
export interface BlobRef {
  readonly sha256: Sha256;
  /** Size in bytes. */
  readonly bytes: number;
}

/** A text, by value when small, else by reference. `sha256` is of its UTF-8 bytes in both cases. */
export interface TextRef extends BlobRef {
  /** The whole text, never more than {@link INLINE_TEXT_BYTES} bytes; null = read it from the blob store. */
  readonly text: string | null;
}

/** A file that a turn left in the artifacts folder, recorded as a version of that turn; its content is a blob. */
export interface ArtifactRef extends BlobRef {
  /** Path below the artifacts folder, with `/`. */
  readonly name: string;
}

/** The log of a turn in the log store. */
export interface LogRef {
  readonly turn: TurnId;
  /** Bytes kept; less than what was written when `truncated`. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/**
 * Something a turn consumes: an artifact (`name` is its file, `text` always null) or the output of an earlier stage
 * (`name` null), each once, in its newest version. A stage with several agents has an output of each, in declared order.
 */
export interface TurnInput extends TextRef {
  readonly stage: StageId;
  readonly name: string | null;
  /** Whose output it is, when its stage has several; else absent. */
  readonly agent?: AgentId;
  /** The turn that left this version. */
  readonly turn: TurnId;
}

/** What remains of an input in the journal: enough to see later whether it has changed. */
export interface InputDigest {
  readonly stage: StageId;
  readonly name: string | null;
  /** As in {@link TurnInput}. */
  readonly agent?: AgentId;
  readonly sha256: Sha256;
}

/** The limit that a turn's group puts on it. */
export interface GroupLimit {
  readonly name: GroupName;
  /** Turns of the group in flight at once; null = no limit but the executor's. */
  readonly maxConcurrent: number | null;
}
