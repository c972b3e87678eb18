import { expect, it } from "vitest";
import { parseProjectFile } from "./parse-project-file.js";

it("tells where the value of a key stands", () => {
  const { locate } = parseProjectFile("limits: {}\nworkflow: flow.yaml\n", "troupe.yaml");
  expect([locate("workflow"), locate("store")]).toEqual([
    { line: 2, column: 11 },
    { line: 1, column: 1 },
  ]);
  expect(parseProjectFile("\ud800", "t").locate("workflow")).toEqual({ line: 1, column: 1 });
});
