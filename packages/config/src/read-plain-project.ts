import type { Position } from "./line-index.js";
import { type AgentConfig, EMPTY_PROJECT, type ProjectConfig } from "./project-config.js";

/** What the full reader would return for a text without any diagnostic. */
export interface PlainProject {
  readonly project: ProjectConfig;
  /** Where the value of a key stands. */
  locate(key: keyof ProjectConfig): Position;
}

/** Nothing outside it can be an escape, a tab, a character of direction, or one that a line ends with. */
const PLAIN_TEXT = /^[\x20-\x7e\n]*$/;
const MOST_CHARACTERS = 16 * 1024;

/** A comment that stands deeper would belong to the value above it. */
const NOTHING = /^(?:(?: {2})?#.*)?$/;
/** Begins with a letter and ends with none that YAML gives a meaning. */
const WORD = "[A-Za-z][A-Za-z0-9._/-]*";
const WORKFLOW = new RegExp(`^workflow: (?<word>${WORD})$`);
const BLOCK = /^(?<key>agents|checks):$/;
const AGENT = new RegExp(`^ {2}(?<id>[A-Za-z][A-Za-z0-9._-]{0,63}): (?<word>${WORD})$`);
const CHECK = new RegExp(`^ {2}- (?<shell>${WORD}(?: [A-Za-z0-9._/-]+)*)$`);
/** What some version of YAML takes for something else than a text. */
const NO_TEXT = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

/**
 * A `troupe.yaml` of the simplest form, as `troupe init` writes it: comments, `workflow`, agents and checks as plain
 * words, one a line. null = it is of any other form, and the full reader has to say what it means: there is no mistake
 * that this one finds. It exists because loading the parser takes longer than whatever `list` and `status` do.
 */
export function readPlainProject(text: string): PlainProject | null {
  if (text.length > MOST_CHARACTERS || !PLAIN_TEXT.test(text)) return null;
  const read = new PlainLines();
  for (const [index, line] of text.split("\n").entries()) {
    if (!NOTHING.test(line) && !read.take(line, index + 1)) return null;
  }
  return read.finish();
}

interface Block {
  readonly at: Position;
  /** Of the first thing in it. */
  readonly first: Position;
  /** Of several the place is that of the key, of one its own. */
  readonly entries: number;
}

class PlainLines {
  #workflow: { readonly path: string; readonly at: Position } | null = null;
  readonly #agents = new Map<string, AgentConfig>();
  readonly #checks: string[] = [];
  readonly #blocks = new Map<string, Block>();
  #open: string | null = null;

  /** False for a line that is not of the simple form. */
  take(line: string, number: number): boolean {
    const { word } = WORKFLOW.exec(line)?.groups ?? {};
    if (word !== undefined) return this.#takeWorkflow(word, number);
    const { key } = BLOCK.exec(line)?.groups ?? {};
    if (key !== undefined) return this.#begin(key, number);
    return this.#open === "agents" ? this.#takeAgent(line, number) : this.#takeCheck(line, number);
  }

  /** null when a block has nothing in it. */
  finish(): PlainProject | null {
    if (!this.#isClosable() || (this.#workflow === null && this.#blocks.size === 0)) return null;
    const workflow = this.#workflow;
    const places = new Map([...this.#blocks].map(([key, { at, first, entries }]) => [key, entries > 1 ? at : first]));
    if (workflow !== null) places.set("workflow", workflow.at);
    return {
      project: {
        ...EMPTY_PROJECT,
        workflow: workflow?.path ?? null,
        agents: [...this.#agents.values()],
        checks: this.#checks.map((shell) => ({ shell })),
      },
      locate: (key) => places.get(key) ?? { line: 1, column: 1 },
    };
  }

  #takeWorkflow(path: string, line: number): boolean {
    if (this.#workflow !== null || !this.#isClosable() || NO_TEXT.test(path)) return false;
    this.#open = null;
    this.#workflow = { path, at: { line, column: "workflow: ".length + 1 } };
    return true;
  }

  #begin(key: string, line: number): boolean {
    if (this.#blocks.has(key) || !this.#isClosable()) return false;
    this.#open = key;
    const at = { line, column: 1 };
    this.#blocks.set(key, { at, first: at, entries: 0 });
    return true;
  }

  #takeAgent(line: string, number: number): boolean {
    const { id, word } = AGENT.exec(line)?.groups ?? {};
    if (id === undefined || word === undefined || this.#agents.has(id)) return false;
    if (NO_TEXT.test(id) || NO_TEXT.test(word)) return false;
    const plugin = { name: word, options: undefined, line: number, column: `  ${id}: `.length + 1 };
    this.#agents.set(id, { id, plugin, persona: null, model: null, env: {}, access: null });
    return this.#count(number);
  }

  #takeCheck(line: string, number: number): boolean {
    const { shell } = CHECK.exec(line)?.groups ?? {};
    if (this.#open !== "checks" || shell === undefined || NO_TEXT.test(shell)) return false;
    this.#checks.push(shell);
    return this.#count(number);
  }

  #count(line: number): boolean {
    const block = this.#blocks.get(this.#open ?? "");
    if (block === undefined) return false;
    const first = block.entries === 0 ? { line, column: 3 } : block.first;
    this.#blocks.set(this.#open ?? "", { ...block, first, entries: block.entries + 1 });
    return true;
  }

  #isClosable(): boolean {
    return this.#open === null || (this.#blocks.get(this.#open)?.entries ?? 0) > 0;
  }
}
