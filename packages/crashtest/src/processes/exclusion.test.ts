import { expect, test } from "vitest";
import { type ProjectCase, performCase } from "./case-in-project.js";
import { clockCase, raceCase, stoppedHolderCase } from "./exclusion-cases.js";
import { commandProblem } from "./tools.js";

const hidden = await commandProblem("unshare", "--pid", "--uts", "--fork", "--mount-proc", "true");

async function violationsOf(it: ProjectCase): Promise<readonly string[]> {
  return (await performCase(it)).violations;
}

test("of sixteen runners that want a dead run one wins, the others learn its id and its command", async () => {
  expect(await violationsOf(raceCase("store-fs", "race"))).toEqual([]);
}, 180_000);

test("a stopped holder that was taken over by another host ends with CLAIM_LOST and ends its agents", async (context) => {
  context.skip(hidden !== null, hidden ?? "");
  expect(await violationsOf(stoppedHolderCase("store-fs", "stopped"))).toEqual([]);
}, 180_000);

test("a wall clock that jumps by hours disturbs neither the order of entries nor the end of the run", async () => {
  expect(await violationsOf(clockCase("store-fs", "clock", "0,3600000,-7200000"))).toEqual([]);
}, 180_000);
