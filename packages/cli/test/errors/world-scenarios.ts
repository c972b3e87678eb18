import { chmod, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorCode } from "@troupe/core";
import { OBJECTIVE, pluginModule, type TestCli, TWO_STAGE_FILES } from "../cli-harness.js";
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
  AGENT_NOT_LOGGED_IN: {
    why: "it takes a real program with a login that has run out",
    file: "packages/cli/src/commands/doctor.test.ts",
    text: "login",
  },
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
    why: "a line that is whole and right, and says what cannot be, is written by no version",
    file: "packages/core/src/state/reduce.test.ts",
    text: "EVENT_INVALID",
  },
  JOURNAL_CORRUPT: {
    files: TWO_STAGE_FILES,
    before: (cli) => damageJournal(cli, '"run.claimed"', '"run.clbimed"'),
    args: (cli) => ["status", cli.runId()],
  },
  JOURNAL_NEWER: {
    why: "a line of a later version needs a checksum of its own",
    file: "packages/store-fs/src/journal-line.test.ts",
    text: "newer",
  },
  JOURNAL_CONFLICT: {
    why: "another process has to write between the plan and its claim",
    file: "packages/core/src/engine/resume-edit.test.ts",
    text: "JOURNAL_CONFLICT",
  },
  FILE_NOT_WRITTEN: { files: TWO_STAGE_FILES, args: () => ["run", "objective.md", "--record", "no-folder/tape.jsonl"] },
  PLUGIN_API_MISMATCH: { files: withPlugin(pluginModule("agent", "() => ({})", { apiVersion: "99" })), args: RUN },
  PLUGIN_INVALID: { files: withPlugin("export default 1;\n"), args: RUN },
  PLUGIN_LOAD_FAILED: { files: withPlugin('throw new Error("broken");\n'), args: RUN },
  PLUGIN_NOT_FOUND: { files: withAgent("no-such-plugin"), args: RUN },
  PLUGIN_OPTIONS_INVALID: { files: withAgent('["replay", { fiel: x }]'), args: RUN },
  PROCESS_NOT_ENDED: {
    why: "it takes a process that survives SIGKILL",
    file: "packages/process/src/rude-processes.test.ts",
    text: "PROCESS_NOT_ENDED",
  },
  SECRET_UNUSABLE: {
    files: { ...TWO_STAGE_FILES, "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}secrets: [PIN]\n` },
    args: RUN,
    host: { environment: { PATH: process.env.PATH, PIN: "123" } },
  },
  STORE_FAILED: { files: { ...TWO_STAGE_FILES, ".troupe/runs": "a file where a folder should be" }, args: RUN },
  STORE_FULL: {
    why: "a full disk; a run waits for space and does not end with it",
    file: "packages/core/src/engine/full-store.test.ts",
    text: "STORE_FULL",
  },
  STORE_UNSUPPORTED: {
    why: "it takes a network file system",
    file: "packages/store-fs/src/plugin.test.ts",
    text: "STORE_UNSUPPORTED",
  },
  INTERNAL: {
    why: "a mistake of Troupe itself, of which none is known",
    file: "packages/cli/src/show-error.test.ts",
    text: "INTERNAL",
  },
};
