import type { Json } from "@troupe/core";

/** A case made ready for the command: it makes its own subject and clears up after itself. */
export interface PreparedCase {
  readonly name: string;
  readonly rule: string;
  /** The reason for leaving it out; null = it runs. */
  readonly skip: string | null;
  run(): Promise<void>;
}

/** What the cases of every kind are made of. */
export interface KitRequest {
  /** As typed: path or package. */
  readonly module: string;
  /** From the command line. */
  readonly options: Json;
  /** The argv that starts this command again, for processes that are to be killed. */
  readonly self: readonly string[];
}
