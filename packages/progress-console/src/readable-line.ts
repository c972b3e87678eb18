type Fields = Readonly<Record<string, unknown>>;

/** What a person wants to see of a line of output. */
export interface ReadableLine {
  readonly text: string;
  /** It goes on where the one before it ended: agents stream their words in pieces. */
  readonly isPiece: boolean;
}

/** Events of agents' streams that say nothing new to a person: the prompt, results of tools, beginnings and ends. */
const SILENT =
  /^(?:system|init|user|user\.message|tool_result|session\.|thread\.|turn\.|step[_-]|tool\.execution_complete)/;
/** Where the words are, the nearest first. */
const WORDS = ["text", "message", "content", "result"];
/** What leads to them. */
const NESTS = ["message", "part", "item", "data", "delta", "content"];
/** What a tool is asked to do. */
const TOOL_INPUTS = ["input", "parameters", "arguments"];
const TOOL_SUBJECTS = ["command", "file_path", "path", "pattern", "query", "url", "description", "title"];
const MOST_DEPTH = 4;

/**
 * Agents that stream JSON, one object a line, say in it what they write and which tool they use; of a line that is
 * none, all is shown. Null = nothing to see. Guessed from the form, for the log has the whole.
 */
export function readableLine(line: string): ReadableLine | null {
  if (!line.startsWith("{")) return { text: line, isPiece: false };
  const event = parseObject(line);
  if (event === null) return null; // cut, or no JSON after all
  if (typeof event.type !== "string") return { text: line, isPiece: false }; // the output of a program that prints JSON
  if (SILENT.test(event.type) || event.role === "user") return null;
  const text = textOf(event, 0);
  return text === null ? null : { text, isPiece: event.delta === true };
}

function textOf(fields: Fields, depth: number): string | null {
  const type = typeof fields.type === "string" ? fields.type : "";
  if (/tool|command_execution/.test(type)) return toolOf(fields);
  for (const key of WORDS) {
    const value = fields[key];
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  if (depth === MOST_DEPTH) return null;
  for (const key of NESTS) {
    // the newest block is the last
    const blocks = [fields[key]].flat().filter(isFields).toReversed();
    for (const block of blocks) {
      const text = textOf(block, depth + 1);
      if (text !== null) return text;
    }
  }
  return null;
}

/** `Bash: npm test`; null = which tool it is is not said. */
function toolOf(fields: Fields): string | null {
  const all = [fields, ...["part", "item", "data"].flatMap((key) => (isFields(fields[key]) ? [fields[key]] : []))];
  const states = all.flatMap((each) => (isFields(each.state) ? [each.state] : []));
  const inputs = [
    ...all,
    ...[...all, ...states].flatMap((each) => TOOL_INPUTS.map((key) => each[key])).filter(isFields),
  ];
  const name = firstText(all, ["tool_name", "toolName", "name", "tool"]);
  const subject = firstText(inputs.toReversed(), TOOL_SUBJECTS);
  if (name === null || subject === null) return name ?? subject;
  return `${name}: ${subject}`;
}

function firstText(among: readonly Fields[], keys: readonly string[]): string | null {
  for (const fields of among) {
    for (const key of keys) {
      const value = fields[key];
      if (typeof value === "string" && value.trim() !== "") return value;
    }
  }
  return null;
}

function parseObject(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : null;
  } catch {
    return null; // it is not whole
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
