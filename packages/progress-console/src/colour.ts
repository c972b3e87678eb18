import type { PluginHost } from "@troupe/core";

/**
 * Whether to colour what goes to stderr: what was asked for, else `FORCE_COLOR` (`0` and `false` mean no), else
 * `NO_COLOR` and `TERM=dumb`, else whether it is a terminal.
 */
export function wantsColour(host: Pick<PluginHost, "environment" | "streams">, asked?: boolean): boolean {
  if (asked !== undefined) return asked;
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = host.environment;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (refused !== undefined && refused !== "") return false;
  return terminal !== "dumb" && host.streams.stderr.isTerminal;
}
