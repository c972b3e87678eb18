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
}

/** An answer of a service in its own words, as the events of a stream. */
export interface Spoken {
  /** With a name in front of the data, or data alone. */
  readonly events: readonly { readonly name: string | null; readonly data: object }[];
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

/** Submits a verdict where that tool is offered, else writes a file by the shell; then it says so. */
export function nextMove({ tools, isAfterTool }: Situation): Move {
  if (isAfterTool) return { type: "text", text: DONE };
  const verdict = tools.find((name) => name.endsWith("submit_verdict"));
  if (verdict !== undefined) return { type: "tool", name: verdict, input: VERDICT };
  for (const [pattern, inputOf] of SHELLS) {
    const name = tools.find((tool) => pattern.test(tool));
    if (name !== undefined) return { type: "tool", name, input: inputOf(WRITE) };
  }
  return { type: "text", text: `I have no shell among: ${tools.join(", ")}` };
}

/** The objects of a list, whatever it is. */
export function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : [];
}
