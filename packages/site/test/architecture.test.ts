import { expect, test } from "vitest";
import { readDocument } from "./documents.js";

const [, section = ""] = readDocument("ARCHITECTURE.md").split("## The way of a stage, from the file to the journal\n");
const way = section.split("\n## ")[0] ?? "";

test("the way of a stage has ten lines, and each name in it is declared in the file that it leads to", () => {
  expect(way.match(/^\d+\. /gm)).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 1}. `));
  const names = [...way.matchAll(/\[`(\w+)`\]\(([^)]+)\)/g)].map(([, name = "", file = ""]) => ({ name, file }));
  expect(names.length).toBeGreaterThan(15);
  const missing = names.filter(({ name, file }) => {
    const declared = new RegExp(`(?:function\\*? |class |const )${name}\\b|^ +(?:async )?${name}\\(`, "m");
    return !declared.test(readDocument(file));
  });
  expect(missing).toEqual([]);
});
