import type { AgentRequest, RunId, Sha256 } from "@troupe/core";
import type { StoreLacks } from "../store-subject.js";

/** Where the state of one case lies. */
export interface CasePlace {
  /** Absolute; fresh for each case: the `stateFolder` of the plugin's host. */
  readonly stateFolder: string;
  /** What the plugin was given. */
  readonly options: unknown;
}

/** Names of cases that cannot run, each with the reason. */
export type Skips = Readonly<Record<string, string>>;

/**
 * What the module of a store may export as `subject` for the command: what cannot be known from its plugin alone.
 * Second handles and processes to kill need nothing of it: the command opens the plugin again.
 */
export interface StoreModule {
  /** What the store does not have, each with the reason. */
  readonly lacks?: StoreLacks;
  /** Options for one case, instead of those of the command line: a store elsewhere must be without runs each time. */
  readonly options?: (stateFolder: string) => unknown;
  /** Spoils the record of a run at rest. */
  readonly damage?: (runId: RunId, place: CasePlace) => Promise<void>;
  /** Spoils content at rest. */
  readonly damageContent?: (runId: RunId, sha256: Sha256, place: CasePlace) => Promise<void>;
}

/** What the module of an executor may export as `subject`. */
export interface ExecutorModule {
  /** Options that let at most `concurrency` turns run at once; without it, `concurrency` is added to those given. */
  readonly options?: (concurrency: number) => unknown;
  readonly skip?: Skips;
}

/** What the module of an agent may export as `subject`. */
export interface AgentModule {
  /** Changes to a request that the agent ends by itself within a minute, with a text. */
  readonly request?: Partial<AgentRequest>;
  /** Changes to a request that would go on for a minute or more. */
  readonly longRequest?: Partial<AgentRequest>;
  readonly skip?: Skips;
}

/** What the module of a reporter may export as `subject`. */
export interface ReporterModule {
  readonly skip?: Skips;
}
