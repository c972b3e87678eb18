// Stand-ins for agent programs: shell scripts on a PATH of their own that note how they were called.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { Turn } from "./agent-turn.js";
import { toLines } from "./streams.js";

export interface FakeProgram {
  /** For the `env` option of the agent: the fake is found before all others. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the last call. */
  argv(): Promise<readonly string[]>;
  stdin(): Promise<string>;
  /** How often it was started. */
  calls(): Promise<number>;
}

/** `script` is shell; `$HERE` is a folder with `stream.jsonl`, which holds `events`. `input` is what it does with its input. */
export async function fakeProgram(
  turn: Turn,
  name: string,
  events: readonly object[],
  script: string = 'cat "$HERE/stream.jsonl"',
  input: string = 'cat > "$HERE/stdin"',
): Promise<FakeProgram> {
  const folder = join(turn.host.projectFolder, "bin");
  await mkdir(folder, { recursive: true });
  const at = (file: string): string => join(folder, file);
  await writeFile(at("stream.jsonl"), toLines(events));
  await writeFile(at("calls"), "");
  const call = 'printf "%s\\n" "$@" > "$HERE/argv"; echo x >> "$HERE/calls"';
  await writeFile(at(name), `#!/bin/sh\nHERE='${folder}'\n${call}\n${input}\n${script}\n`);
  await chmod(at(name), 0o755);
  const read = (file: string): Promise<string> => readFile(at(file), "utf8");
  return {
    env: { PATH: `${folder}${delimiter}${process.env.PATH ?? ""}` },
    argv: async () => (await read("argv")).trimEnd().split("\n"),
    stdin: () => read("stdin"),
    calls: async () => (await read("calls")).trimEnd().split("\n").length,
  };
}
