import type { AgentRunner } from "./agent.js";
import type { StageExecutor, TurnRunner } from "./executor.js";
import type { ExecutorHost, PluginHost, ReporterHost, RunnerHost } from "./host.js";
import type { ProgressReporter } from "./reporter.js";
import type { StateStore } from "./store.js";

/** What a plugin of each kind makes, and what it gets. */
export interface PluginKinds {
  store: { readonly instance: StateStore; readonly host: PluginHost };
  executor: { readonly instance: StageExecutor; readonly host: ExecutorHost };
  runner: { readonly instance: TurnRunner; readonly host: RunnerHost };
  agent: { readonly instance: AgentRunner; readonly host: PluginHost };
  reporter: { readonly instance: ProgressReporter; readonly host: ReporterHost };
}

/** The sorts of plugins: `store`, `executor`, `runner`, `agent`, `reporter`. */
export type PluginKind = keyof PluginKinds;

/** The version of each kind's interface in this release; a plugin states the one it was made for. */
export const PLUGIN_API: Readonly<Record<PluginKind, number>> = {
  store: 1,
  executor: 1,
  runner: 1,
  agent: 1,
  reporter: 1,
};

/** An issue found while validating options. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * The part of the Standard Schema interface (standardschema.dev, version 1) that is used here; schemas of zod, valibot
 * and arktype fit it as they are.
 */
export interface OptionsSchema<Options> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Options> | Promise<SchemaResult<Options>>;
    readonly types?: { readonly input: unknown; readonly output: Options } | undefined;
  };
}

/** What validating options gives: the options, or what is wrong with them. */
export type SchemaResult<Options> =
  | { readonly value: Options; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** The default export of a plugin's module. */
export interface PluginDefinition<Kind extends PluginKind, Options = unknown> {
  readonly kind: Kind;
  readonly name: string;
  /**
   * The {@link PLUGIN_API} of its kind that it was made for, as a number of its own: read from the core beside it, it would
   * agree with whatever that is.
   */
  readonly apiVersion: number;
  readonly options: OptionsSchema<Options>;
  create(
    options: Options,
    host: PluginKinds[Kind]["host"],
  ): PluginKinds[Kind]["instance"] | Promise<PluginKinds[Kind]["instance"]>;
}
