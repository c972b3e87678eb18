/** What the model does next. */
type Move =
  | { readonly type: "tool"; readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  | { readonly type: "text"; readonly text: string };

/** What the moves depend on. */
interface Situation {
  /** Names of the tools that the model is offered. */
  readonly tools: readonly string[];
  /** The last thing that was said is the result of a tool. */
  readonly isAfterTool: boolean;
  /** JSON Schema that the answer has to follow; undefined = none. */
  readonly schema?: unknown;
  /** All that the model was told. */
  readonly told: string;
}

/** The body of a request. */
export type Body = Readonly<Record<string, unknown>>;

/** An answer of a service in its own words. */
export interface Spoken {
  /** As the events of a stream: with a name in front of the data, or data alone. */
  readonly events: readonly { readonly name: string | null; readonly data: object | string }[];
  /** The same for who wants no stream. */
  readonly whole: object;
}

/** Shell tools of the agents, and how each takes a command. */
const SHELLS: readonly (readonly [RegExp, (command: string) => Readonly<Record<string, unknown>>])[] = [
  [/^Bash$/, (command) => ({ command, description: "Write a file" })],
  [/^exec_command$/, (cmd) => ({ cmd })],
  [/^shell_command$/, (command) => ({ command })],
  [/^shell$/, (command) => ({ command: ["sh", "-c", command] })],
  [/^run_shell_command$/, (command) => ({ command, description: "Write a file", is_background: false })],
  [/^bash$/, (command) => ({ command, description: "Write a file" })],
];
const WRITE = 'echo "written in $TROUPE_STAGE" > "$TROUPE_STAGE.txt"';
/** Of a reviewer it is the verdict, should it have no other. */
const DONE = "It is done.\n\nVERIFIED_APPROVED: the file is there.";
const VERDICT = { verdict: "approved", reasons: ["The file is there."], findings: [] };

/**
 * Submits a verdict where that tool is offered, else writes a file by the shell; then it says so. Who is offered no tool
 * is told the file in the answer, as agents without tools want it.
 */
export function nextMove({ tools, isAfterTool, schema, told }: Situation): Move {
  if (schema !== undefined) return { type: "text", text: JSON.stringify(exampleOf(schema)) };
  if (isAfterTool) return { type: "text", text: DONE };
  const verdict = tools.find((name) => name.endsWith("submit_verdict"));
  if (verdict !== undefined) return { type: "tool", name: verdict, input: VERDICT };
  for (const [pattern, inputOf] of SHELLS) {
    const name = tools.find((tool) => pattern.test(tool));
    if (name !== undefined) return { type: "tool", name, input: inputOf(WRITE) };
  }
  if (tools.length > 0) return { type: "text", text: `I have no shell among: ${tools.join(", ")}` };
  const [, stage] = /(?:^|\n|\\n)## Stage: (\w+)/.exec(told) ?? [];
  const file = stage === undefined ? "" : `${stage}.txt\n\`\`\`\nwritten in ${stage}\n\`\`\`\n\n`;
  return { type: "text", text: `${file}${DONE}` };
}

/** A value that a schema allows, as far as agents ask for one. */
function exampleOf(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return null;
  const { type, enum: choices, properties = {}, items } = schema as Body;
  if (Array.isArray(choices)) return choices[0];
  switch (String(type).toLowerCase()) {
    case "object":
      return Object.fromEntries(Object.entries(properties as Body).map(([key, value]) => [key, exampleOf(value)]));
    case "array":
      return items === undefined ? [] : [exampleOf(items)];
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return true;
    default:
      return "because it is scripted";
  }
}

/** The objects of a list, whatever it is. */
export function objectsIn(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}
