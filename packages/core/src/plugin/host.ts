import type { JournalEntry } from "../model/events.js";
import type { RunId, TurnId } from "../model/ids.js";
import type { SecretMasker } from "../model/mask-secrets.js";
import type { ConfiguredAgent } from "./agent.js";
import type { TurnRunner } from "./executor.js";
import type { Logger } from "./logger.js";
import type { BlobStore, LogStore } from "./store.js";

/** Time as a parameter. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never jumps; only differences mean anything. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts; never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A place for text, such as a terminal. */
export interface TextSink {
  /** A closed pipe is not an error: the text is dropped. */
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns and rows; 80 x 24 when unknown. */
  size(): { readonly columns: number; readonly rows: number };
  onResize?(listener: () => void): () => void;
  /** Heard when the process goes on after a stop (Ctrl+Z, then `fg`): others have written here meanwhile. */
  onContinue?(listener: () => void): () => void;
}

/** What every plugin gets from whoever composes it: time, ids, environment and streams arrive here and nowhere else. */
export interface PluginHost {
  readonly clock: Clock;
  /** Random lower-case hex of `bytes` bytes. */
  randomHex(bytes: number): string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly streams: { readonly stdout: TextSink; readonly stderr: TextSink };
  /** Absolute: the folder that relative paths of the project file are relative to. */
  readonly projectFolder: string;
  /** Absolute: `.troupe`. */
  readonly stateFolder: string;
  readonly logger: Logger;
  /**
   * Masks the values of declared secrets. Whatever a plugin writes to a disk is masked by it first; output is masked
   * before a part of it is cut off, or half a secret is left. Absent = there are none.
   */
  readonly masker?: SecretMasker;
  /** Absent = nobody is asked anything at the terminal. */
  readonly dialogue?: Dialogue;
}

/** Whether a question stands at the terminal: as long as one does, a live view takes its rows away and draws none. */
export interface Dialogue {
  isOpen(): boolean;
  /** Called right before a question is shown and right after it has gone. Returns a function that ends the listening. */
  onChange(listener: () => void): () => void;
}

/** What a turn runner gets besides: content, logs and agents come from its host, never from the task. */
export interface RunnerHost extends PluginHost {
  readonly blobs: BlobStore;
  readonly logs: LogStore;
  /** Rejects `AGENT_UNKNOWN`. The instance is made once per id. */
  agent(id: string): Promise<ConfiguredAgent>;
  /** Absolute folder for files of a run that a person may read: artifacts, failure reports, process notes. */
  runFolder(runId: RunId): string;
  /**
   * Asks the person at the terminal, one question after another, or waits until somebody answers from another one, and
   * resolves with the line that they give. Rejects once `signal` aborts: the question is withdrawn; and when nobody has
   * answered in time. Absent = there is nobody to ask.
   */
  ask?(question: string, signal: AbortSignal, asker: Asker): Promise<string>;
}

/** Whose question it is. */
export interface Asker {
  readonly runId: RunId;
  readonly turn: TurnId;
}

/** What an executor gets besides: who performs its turns. */
export interface ExecutorHost extends PluginHost {
  readonly runner: TurnRunner;
}

/** What a reporter of a run that is performed here gets besides; who only looks on, or has no store, gives neither. */
export interface ReporterHost extends PluginHost {
  /** Absolute folder for files of a run; they go with it. Absent = there is none. */
  runFolder?(runId: RunId): string;
  /** Entries of a run after `afterSeq`, as `StateStore.read`: what happened before this process. */
  entries?(runId: RunId, afterSeq: number): AsyncIterable<JournalEntry>;
}
