import { homedir } from "node:os";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { listFiles, ROOT, readRootFile } from "./repository.js";

const TEXT = /\.(ts|tsx|js|mjs|cjs|json|jsonl|md|ya?ml|csv|grit)$|\/run$/;
const all = ["packages", "examples", "docs", ".ci", ".changeset"].flatMap(listFiles).filter((path) => TEXT.test(path));
const code = all.filter((path) => /\.(ts|mjs)$/.test(path) && !path.startsWith("examples/"));

/** `path:line` wherever a pattern occurs. */
function findLines(paths: readonly string[], pattern: RegExp): readonly string[] {
  return paths.flatMap((path) =>
    readRootFile(path)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
  );
}

test("no file of code is longer than 300 lines", () => {
  const lines = code.map((path) => [path, readRootFile(path).trimEnd().split("\n").length] as const);
  expect(lines.filter(([, count]) => count > 300)).toEqual([]);
});

test("nothing is left unfinished or hidden from the type checker", () => {
  // put together, so that this file does not find itself
  const marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "@ts" + "-ignore", "@ts" + "-nocheck", "as" + " any"];
  expect(findLines(all, new RegExp(marks.map((mark) => `(?<![\\w-])${mark}(?!\\w)`).join("|")))).toEqual([]);
});

test("no file names a path of the machine that it was written on", () => {
  const folders = [ROOT, homedir(), ...["work", "root"].map((name) => `/${name}`)];
  const escaped = folders.map((path) => path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  expect(findLines(all, new RegExp(`(?<![\\w./-])(?:${escaped.join("|")})(?:[/\\\\]|\\b(?![\\w-]))`))).toEqual([]);
});

test("names say what a file holds", () => {
  const vague = /^(utils?|helpers?|common|managers?|services?|misc|shared)$/;
  const stem = (path: string): string => basename(path).split(".")[0] ?? "";
  expect(code.filter((path) => vague.test(stem(path)))).toEqual([]);
  expect(code.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem(path)))).toEqual([]);
});

test("front matter is closed: the formatter takes it for a heading, so such files are left out of biome.json", () => {
  const front = all.filter(
    (path) => path.endsWith(".md") && !path.includes("/golden/") && readRootFile(path).startsWith("---\n"),
  );
  expect(front).toContain("examples/objective-demo/objective.md");
  expect(front.filter((path) => !/^---\n(?:[^\n#]+\n)+---\n/.test(readRootFile(path)))).toEqual([]);
});

test("coverage leaves out unreachable(x) by its name, and nothing by a comment", () => {
  expect(findLines(code, new RegExp(`(?:v8|c8|istanbul) ${"ignore"}`))).toEqual([]);
});

test("a plugin says as a number which interface it was made for: read from the core beside it, it would agree with any", () => {
  const shipped = all.filter((path) => !path.endsWith(".test.ts"));
  expect(findLines(shipped, new RegExp(`apiVersion: ${"PLUGIN_API"}`))).toEqual([]);
});

test("each decision has a number of its own", () => {
  const numbers = listFiles("docs/decisions").map((path) => basename(path).slice(0, 4));
  expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
});
