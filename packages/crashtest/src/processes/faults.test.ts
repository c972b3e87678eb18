import { expect, test } from "vitest";
import { performCase, scenarioNamed } from "./case-in-project.js";
import { failingCase, fullDiskCase, withoutRightsCase } from "./fault-cases.js";
import { memoryProblem } from "./mounted-folder.js";
import { commandProblem } from "./tools.js";

const memory = await memoryProblem();
const limits = await commandProblem("prlimit", "--fsize=1000", "true");
const rights = await commandProblem("setpriv", "--reuid", "65534", "--clear-groups", "true");

test("a run waits on a full disk, says so, and goes on when there is space", async (context) => {
  context.skip(memory !== null, memory ?? "");
  expect((await fullDiskCase("store-fs", "full")).violations).toEqual([]);
}, 180_000);

test("a short write ends the run with a reason, and what was there stays whole", async (context) => {
  context.skip(limits !== null, limits ?? "");
  const wrap = () => ["prlimit", "--fsize=5000", "sh", "-c", 'trap "" XFSZ; exec "$@"', "sh"];
  const it = failingCase({ id: "short", scenario: scenarioNamed("acceptance"), store: "store-fs" }, wrap, [6]);
  expect((await performCase(it)).violations).toEqual([]);
}, 180_000);

test("a resume without rights is refused with a reason and changes nothing", async (context) => {
  context.skip(rights !== null, rights ?? "");
  expect((await performCase(withoutRightsCase("store-fs", "rights"))).violations).toEqual([]);
}, 180_000);
