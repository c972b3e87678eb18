import { expect, test } from "vitest";
import { type Change, SELF, smallStore } from "../test/readme-store.js";
import { runCommand } from "./command/run-command.js";

interface Printed {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

async function run(module: string, only: string): Promise<Printed> {
  let text = "";
  const print = (part: string): void => {
    text += part;
  };
  const exitCode = await runCommand(["store", module, "--only", only], { stdout: print, stderr: print, self: SELF });
  return { exitCode, lines: text.trimEnd().split("\n") };
}

/** One rule broken at a time; the case that says so, and all that it says. */
const BREAKS: readonly (readonly [bug: string, only: string, change: Change])[] = [
  [
    "ignores the position that was expected",
    "stale append",
    ["known(run) && put(run, seq + 1, entry", "put(run, known(run).length + 1, entry"],
  ],
  [
    "leaves gaps",
    "beyond the end",
    ["WHERE seq = 1 + (SELECT count(*) FROM entries WHERE run = new.run)", "WHERE true"],
  ],
  [
    "takes an entry that comes again for another one",
    "same id at its place",
    ["return there?.id === entry.id ? there", "return there === entry ? there"],
  ],
  [
    "overwrites a run of the same id",
    "second run",
    [
      'create: async (run, entry) => put(run, 1, entry, "RUN_EXISTS")',
      'create: async (run, entry) => sql("DELETE FROM entries WHERE run = ?", run) && put(run, 1, entry)',
    ],
  ],
  [
    "hands over the lease of a living holder",
    "refuses a lease while another",
    ['.alive !== "dead"', '.alive === "unknown"'],
  ],
  ["reads what is damaged", "lists a damaged run", ["seq === index + 1 && hash === sha256(json)\n", "hash\n"]],
  ["gives damaged content", "damaged content to nobody", ["`)) === hash\n", "`))\n"]],
  [
    "writes what it acknowledges a moment later",
    "killed, with every entry",
    [
      'put(run, seq + 1, entry, "JOURNAL_CONFLICT"),',
      "(setTimeout(put, 50, run, seq + 1, entry, 0), { ...entry, seq: seq + 1 }),",
    ],
  ],
  [
    "lists the oldest run first",
    "newest run first",
    ["(b.summary?.createdAt ?? 0) - (a.summary?.createdAt ?? 0)", "a.summary.createdAt - b.summary.createdAt"],
  ],
];

test.for(BREAKS)(
  "a store that %s fails, and is told which rule it broke",
  { timeout: 120_000 },
  async ([bug, only, change]) => {
    const { exitCode, lines } = await run(await smallStore(change), only);
    expect(exitCode).toBe(1);
    expect(`${bug}\n${lines.join("\n")}`).toMatchSnapshot();
  },
);
