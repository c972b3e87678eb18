import { quoteWord } from "./quote-word.js";

/** What said where a command works. */
export interface Place {
  readonly cwd?: string;
  readonly config?: string;
}

/** The commands that take `--cwd` and `--config`, as they stand behind `troupe` in what is printed. */
const COMMANDS =
  "run|resume|cancel|approve|reject|answer|repair|status|why|list|agents|logs|doctor|watch|show|artifacts|graph|report|init|validate|import|clean|config|notify";
const TYPED = new RegExp(`(?<![\\w/.@-])troupe (?=(?:${COMMANDS})\\b)`, "g");

/** Commands in a hint, with the flags that say where: without them they would work on another project when pasted. */
export function repeatPlace(text: string, { cwd, config }: Place): string {
  const flags = [
    ...(cwd === undefined ? [] : [`--cwd ${quoteWord(cwd)} `]),
    ...(config === undefined ? [] : [`--config ${quoteWord(config)} `]),
  ].join("");
  if (flags === "") return text;
  // a line that speaks of --cwd wants another one, or has been here already
  const lines = text.split("\n");
  return lines
    .map((line) => (line.includes("--cwd") ? line : line.replaceAll(TYPED, (typed) => `${typed}${flags}`)))
    .join("\n");
}

/** The place as it is on a command line that may be wrong otherwise; of two the last. */
export function placeOf(args: readonly string[]): Place {
  const end = args.indexOf("--");
  const words = end === -1 ? args : args.slice(0, end);
  const cwd = typedAfter(words, "--cwd");
  const config = typedAfter(words, "--config");
  return { ...(cwd === undefined ? {} : { cwd }), ...(config === undefined ? {} : { config }) };
}

function typedAfter(words: readonly string[], flag: string): string | undefined {
  const at = words.findLastIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const word = words[at];
  return word === flag ? words[at + 1] : word?.slice(flag.length + 1);
}
