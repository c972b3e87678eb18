import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

// The repository brings its own Node, which wins on the PATH: "run with Node 22" must be proved, not assumed.
test("the tests and the programs they start run on the Node that was meant", () => {
  expect(process.versions.node.split(".")[0]).toBe(process.env.EXPECT_NODE ?? "26");
  expect(execFileSync("node", ["-v"], { encoding: "utf8" }).trim()).toBe(process.version);
});
