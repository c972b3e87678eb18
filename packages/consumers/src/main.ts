import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { COMPILERS } from "./compile.js";
import type { Consumer } from "./consumer.js";
import { commandLine } from "./consumers/command-line.js";
import { library } from "./consumers/library.js";
import { librarySqlite } from "./consumers/library-sqlite.js";
import { linter } from "./consumers/linter.js";
import { thirdParty } from "./consumers/third-party.js";
import type { ManagerName, PackageSource } from "./install.js";
import { oldestNode, ownNode } from "./node-versions.js";
import { packPackages } from "./pack-packages.js";
import { perform, type Trial } from "./perform.js";
import { startRegistry } from "./registry.js";

const CONSUMERS: readonly Consumer[] = [library, librarySqlite, linter, commandLine, thirdParty];
const MANAGERS: readonly ManagerName[] = ["npm", "pnpm"];
const USAGE = `usage: pnpm consumers [NAME...]
Installs the packages from tarballs in empty folders by npm and by pnpm, as their users do, and uses them: on the oldest Node and on ours, with all compilers.
NAME: ${CONSUMERS.map(({ name }) => name).join(", ")}`;

async function trialsOf(consumers: readonly Consumer[]): Promise<readonly Trial[]> {
  const nodes = [await oldestNode(), ownNode()];
  return consumers.flatMap((consumer) =>
    MANAGERS.map((manager) => ({ consumer, manager, nodes, compilers: COMPILERS })),
  );
}

/** Gives whether all went well. */
async function performAll(trials: readonly Trial[], source: PackageSource, scratch: string): Promise<boolean> {
  const waiting = [...trials];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const began = performance.now();
      const text = await perform(trial, source, scratch).then(
        ({ installed, lines }) =>
          `  ${installed.length} packages: ${installed.join(" ")}\n${lines.map((line) => `  ${line}\n`).join("")}`,
        (error: unknown) => {
          failed += 1;
          return `  FAILED: ${error instanceof Error ? error.message : String(error)}\n`;
        },
      );
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      const { consumer, manager } = trial;
      process.stdout.write(`\n${consumer.name}, ${manager}, ${seconds} s: ${consumer.title}\n${text}`);
    }
  };
  await Promise.all([work(), work()]); // installs wait, compilers compute: two at once keep two cores busy
  process.stdout.write(`\n${trials.length - failed} of ${trials.length} trials passed\n`);
  return failed === 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { help: { type: "boolean", short: "h", default: false } },
});
const unknown = positionals.filter((name) => !CONSUMERS.some((consumer) => consumer.name === name));
if (values.help || unknown.length > 0) {
  const text = unknown.length > 0 ? `there is no consumer ${unknown.join(", ")}\n${USAGE}\n` : `${USAGE}\n`;
  (values.help ? process.stdout : process.stderr).write(text);
  process.exitCode = values.help ? 0 : 2;
} else {
  const chosen = CONSUMERS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const scratch = await mkdtemp(join(tmpdir(), "troupe-consumers-"));
  try {
    const packed = await packPackages(scratch);
    await using registry = await startRegistry(packed);
    const source = { packed, registryUrl: registry.url };
    const passed = await performAll(await trialsOf(chosen), source, scratch);
    process.exitCode = passed ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}
