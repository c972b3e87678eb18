import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorCode } from "@troupe/core";
import { OBJECTIVE, pluginModule, type TestCli, TWO_STAGE_FILES } from "../cli-harness.js";
import { appendByHand } from "./hand-written.js";
import type { ErrorCase } from "./scenario.js";

const RUN = (): readonly string[] => ["run", "objective.md"];
const performed = async (cli: TestCli): Promise<void> => void (await cli.run("run", "objective.md"));

function withPlugin(source: string): Readonly<Record<string, string>> {
  return { ...TWO_STAGE_FILES, "mine.mjs": source, "troupe.yaml": "agents: { default: ./mine.mjs }\n" };
}

function withAgent(agent: string): Readonly<Record<string, string>> {
  return { ...TWO_STAGE_FILES, "troupe.yaml": `agents: { default: ${agent} }\n` };
}

async function damageJournal(cli: TestCli, from: string, to: string): Promise<void> {
  await performed(cli);
  const name = `.troupe/runs/${cli.runId()}/journal.jsonl`;
  await cli.write(name, cli.read(name).replace(from, to));
}

/** A text too long for the journal: it is a blob. */
const LONG_TEXT = "long ".repeat(4_000);
const WITH_BLOB = { ...TWO_STAGE_FILES, "objective.md": `${OBJECTIVE}\n${LONG_TEXT}` };

async function eachBlob(cli: TestCli, act: (path: string) => Promise<void>): Promise<void> {
  const { readdir } = await import("node:fs/promises");
  const folder = join(cli.folder, ".troupe/blobs", cli.runId());
  for (const name of await readdir(folder)) await act(join(".troupe/blobs", cli.runId(), name));
}

/** Errors of agents, plugins, state and the machine. */
export const WORLD_SCENARIOS: Partial<Readonly<Record<ErrorCode, ErrorCase>>> = {
  AGENT_NOT_CONFIGURED: { files: { ...TWO_STAGE_FILES, "troupe.yaml": "" }, args: RUN },
  AGENT_NOT_INSTALLED: { files: withAgent('["command", { command: ["troupe-no-such-agent"] }]'), args: RUN },
  AGENT_UNKNOWN: { files: { ...TWO_STAGE_FILES, "troupe.yaml": "agents: { somebody: claude }\n" }, args: RUN },
  BLOB_MISSING: {
    files: WITH_BLOB,
    before: async (cli) => {
      await cli.run("run", "objective.md", "--until", "FIRST");
      await eachBlob(cli, (path) => rm(join(cli.folder, path), { force: true }));
    },
    args: (cli) => ["resume", cli.runId(), "--recorded"],
  },
  BLOB_CORRUPT: {
    files: WITH_BLOB,
    before: async (cli) => {
      await cli.run("run", "objective.md", "--until", "FIRST");
      await eachBlob(cli, async (path) => {
        await chmod(join(cli.folder, path), 0o600);
        await cli.write(path, "something else");
      });
    },
    args: (cli) => ["resume", cli.runId(), "--recorded"],
  },
  EVENT_INVALID: {
    files: TWO_STAGE_FILES,
    before: async (cli) => {
      await performed(cli);
      await appendByHand(cli, [{ type: "stage.completed", stage: "NOWHERE" }]);
    },
    args: (cli) => ["status", cli.runId()],
  },
  JOURNAL_CORRUPT: {
    files: TWO_STAGE_FILES,
    before: (cli) => damageJournal(cli, '"run.claimed"', '"run.clbimed"'),
    args: (cli) => ["status", cli.runId()],
  },
  JOURNAL_NEWER: {
    files: TWO_STAGE_FILES,
    before: async (cli) => {
      await performed(cli);
      await appendByHand(cli, [{ type: "run.blessed" }], 2);
    },
    args: (cli) => ["status", cli.runId()],
  },
  NOTIFICATION_NOT_SENT: {
    files: { "troupe.yaml": 'notify: [{ command: ["false"] }]\n' },
    args: () => ["notify", "--test"],
  },
  FILE_NOT_WRITTEN: { files: TWO_STAGE_FILES, args: () => ["run", "objective.md", "--record", "no-folder/tape.jsonl"] },
  PLUGIN_API_MISMATCH: { files: withPlugin(pluginModule("agent", "() => ({})", { apiVersion: "99" })), args: RUN },
  PLUGIN_INVALID: { files: withPlugin("export default 1;\n"), args: RUN },
  PLUGIN_LOAD_FAILED: { files: withPlugin('throw new Error("broken");\n'), args: RUN },
  PLUGIN_NOT_FOUND: { files: withAgent("no-such-plugin"), args: RUN },
  PLUGIN_OPTIONS_INVALID: { files: withAgent('["replay", { fiel: x }]'), args: RUN },
  PROCESS_NOT_ENDED: {
    why: "it takes a command line of its own that runs as another user than the process",
    file: "packages/cli/e2e/unfriendly-world.test.ts",
    test: "a process that became another user's cannot be ended: it is named, the stage fails, and the command ends",
  },
  SECRET_UNUSABLE: {
    files: { ...TWO_STAGE_FILES, "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}secrets: [PIN]\n` },
    args: RUN,
    host: () => ({ environment: { PATH: process.env.PATH, PIN: "123" } }),
  },
  STORE_FAILED: { files: { ...TWO_STAGE_FILES, ".troupe/runs": "a file where a folder should be" }, args: RUN },
  STORE_FULL: {
    why: "it takes a small file system that is mounted for the command line alone",
    file: "packages/cli/e2e/unfriendly-world.test.ts",
    test: "a full disk is named with the command that shows it, and with room the same command works",
  },
  STORE_UNSUPPORTED: {
    why: "it takes a network file system that is mounted for the command line alone",
    file: "packages/cli/e2e/unfriendly-world.test.ts",
    test: "a state folder on a network file system is refused before anything starts, and taken by who takes the risk",
  },
  // none of our own is known: a mistake that a store makes is one that nobody has foreseen either
  INTERNAL: {
    files: {
      "store.mjs": pluginModule(
        "store",
        '() => ({ list() { throw new TypeError("no list"); }, close: async () => {} })',
      ),
      "troupe.yaml": "store: ./store.mjs\n",
    },
    args: () => ["list"],
  },
};
