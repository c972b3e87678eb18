import type { OptionsSchema, PluginHost, SchemaIssue, SchemaResult } from "@troupe/core";

/** The ways to show a run; `auto` takes the one that fits the streams. */
export type ConsoleMode = "auto" | "live" | "lines" | "plain" | "github" | "ndjson";

/** What `troupe.yaml` may say of this reporter. */
export interface ConsoleOptions {
  /** `auto`, the default: `github` in GitHub Actions, `live` where rows can be redrawn, else `lines`. */
  readonly mode?: ConsoleMode;
  /** Colours or none, whatever the environment says. */
  readonly color?: boolean;
  /** An IANA name for the times shown; default: the zone of the system. */
  readonly timeZone?: string;
}

const MODES: readonly ConsoleMode[] = ["auto", "live", "lines", "plain", "github", "ndjson"];

/** No options at all (absent or null) are fine. */
export const consoleOptions: OptionsSchema<ConsoleOptions> = {
  "~standard": { version: 1, vendor: "troupe", validate: validateOptions },
};

/** `live` needs a terminal that can move its cursor and a person before it. */
export function chooseMode(
  mode: ConsoleMode,
  { streams, environment }: Pick<PluginHost, "streams" | "environment">,
): Exclude<ConsoleMode, "auto"> {
  if (mode !== "auto") return mode;
  const { TERM: terminal, CI: ci, GITHUB_ACTIONS: github } = environment;
  if (github === "true") return "github";
  const isCi = ci !== undefined && ci !== "" && ci !== "0" && ci !== "false";
  return streams.stderr.isTerminal && terminal !== "dumb" && !isCi ? "live" : "lines";
}

function validateOptions(value: unknown): SchemaResult<ConsoleOptions> {
  if (value === undefined || value === null) return { value: {} };
  if (typeof value !== "object" || Array.isArray(value)) return { issues: [{ message: "expected a map of options" }] };
  const issues: SchemaIssue[] = [];
  const options: { -readonly [Key in keyof ConsoleOptions]: ConsoleOptions[Key] } = {};
  for (const [key, given] of Object.entries(value)) {
    const mode = MODES.find((each) => each === given);
    if (key === "mode" && mode !== undefined) options.mode = mode;
    else if (key === "color" && typeof given === "boolean") options.color = given;
    else if (key === "timeZone" && typeof given === "string" && isTimeZone(given)) options.timeZone = given;
    else issues.push({ message: complaint(key), path: [key] });
  }
  return issues.length > 0 ? { issues } : { value: options };
}

function complaint(key: string): string {
  if (key === "mode") return `expected one of ${MODES.join(", ")}`;
  if (key === "color") return "expected true or false";
  if (key === "timeZone") return 'expected the name of a time zone, such as "UTC" or "Europe/Rome"';
  return "unknown option; there are mode, color and timeZone";
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // a RangeError: no such zone
  }
}
