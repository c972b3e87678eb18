import type { PluginKind } from "@troupe/core";
import { KNOWN_AGENTS } from "../bundled-plugins.js";
import type { Settings } from "../project/settings.js";
import type { PluginReference } from "./plugin-loader.js";

/** A plugin as the project file names it, for what it names it. */
export interface NamedPlugin {
  readonly kind: PluginKind;
  readonly reference: PluginReference;
}

/** The plugins of a project file with which something may be wrong: not the bare name of a known agent. */
export function namedPlugins({ store, executor, reporters, agents }: Settings): readonly NamedPlugin[] {
  const ofKind = (kind: PluginKind, references: readonly (PluginReference | null)[]): readonly NamedPlugin[] =>
    references.flatMap((reference) => (reference === null ? [] : { kind, reference }));
  const ofAgents = Object.values(agents).map(({ reference }) => reference);
  return [
    ...ofKind("store", [store]),
    ...ofKind("executor", [executor]),
    ...ofKind("reporter", reporters ?? []),
    ...ofKind(
      "agent",
      ofAgents.filter(({ name, options }) => !KNOWN_AGENTS.includes(name) || Object.keys(options ?? {}).length > 0),
    ),
  ];
}
