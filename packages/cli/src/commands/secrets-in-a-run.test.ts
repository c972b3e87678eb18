import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CANARIES, CANARY_ENVIRONMENT, CANARY_PROJECT, leaksBelow, leaksIn } from "../../test/canaries.js";
import { createCli } from "../../test/cli-harness.js";

const environment = { PATH: process.env.PATH, HOME: process.env.HOME, USER: "tester", ...CANARY_ENVIRONMENT };

test("of 20 secrets nothing is left in the run's folder, on the console or in any output", async () => {
  const cli = await createCli(CANARY_PROJECT);
  execFileSync("git", ["init", "-q"], { cwd: cli.folder });
  await cli.write(`name ${CANARIES.CANARY_2?.replaceAll("/", "")}.txt`, "untracked, with a name that git shows");
  const run = async (...args: readonly string[]) => {
    const { stdout, stderr } = await cli.runWith({ environment }, ...args);
    return `${args[0]}:\n${stdout}${stderr}`;
  };
  const shown = [await run("run", "objective.md", "-v"), await run("resume", "--json", "--yes")];
  if (cli.runs().length === 0) throw new Error(shown.join("\n"));
  const looks = [
    ["status"],
    ["status", "--json"],
    ["logs"],
    ["logs", "--failed"],
    ["list", "--json"],
    ["why", "JUDGED"],
  ];
  for (const args of looks) shown.push(await run(...args));
  shown.push(
    await run("status", CANARIES.CANARY_4 ?? ""),
    await run("cancel", cli.runId(), "-m", CANARIES.CANARY_6 ?? ""),
  );
  expect(leaksIn(shown.join("\n"))).toEqual([]);
  expect(leaksBelow(join(cli.folder, ".troupe"))).toEqual([]);
  // it is not that nothing was said
  for (const name of Object.keys(CANARIES)) expect(shown[4]).toContain(`[secret ${name}]`);
  expect(shown[0]).toMatch(/REVIEW_REJECTED.*\n(?:.*\n)*/);
  const journal = cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`);
  for (const word of ["BREAKS", "COMMAND_FAILED", "CHECKS_FAILED", "REVIEW_REJECTED", "it shows [secret CANARY_5]"]) {
    expect(journal).toContain(word);
  }
  expect(cli.read(`.troupe/runs/${cli.runId()}/artifacts/latest/WORK.md`)).toContain("[secret CANARY_19]");
}, 60_000);
