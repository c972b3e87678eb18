import { ERROR_CODES } from "@troupe/core";
import { expect, test } from "vitest";
import { listFiles, readRootFile } from "./repository.js";

const text = readRootFile("docs/errors.md");

interface Section {
  readonly code: string;
  /** The paragraphs under the heading; lines joined. */
  readonly paragraphs: readonly string[];
}

const sections: readonly Section[] = text
  .split(/^### /m)
  .slice(1)
  .map((part) => {
    const [code = "", ...paragraphs] = (part.split(/^## /m)[0] ?? "").trim().split("\n\n");
    return { code, paragraphs: paragraphs.map((paragraph) => paragraph.replaceAll("\n", " ")) };
  });

test("every code has a heading with its summary and its exit code, in the order of the table", () => {
  const expected = Object.entries(ERROR_CODES).map(([code, { summary, exitCode }]) => [
    code,
    `${summary} Exit code ${exitCode}.`,
  ]);
  expect(sections.map(({ code, paragraphs }) => [code, paragraphs[0]])).toEqual(expected);
});

test("every code says what it means and what to do", () => {
  const poor = sections.filter(({ paragraphs }) => {
    const [, meaning = "", advice = ""] = paragraphs;
    return paragraphs.length !== 3 || meaning.length < 40 || !/^Do: .{10}/.test(advice);
  });
  expect(poor.map(({ code }) => code)).toEqual([]);
});

test("the table of exit codes has every code that an error can end with", () => {
  const listed = [...text.matchAll(/^\| (\d)\s+\|/gm)].map(([, code]) => Number(code));
  expect(listed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const used = Object.values(ERROR_CODES).map(({ exitCode }) => exitCode);
  expect([...new Set(used)].filter((code) => !listed.includes(code))).toEqual([]);
});

test("only commands and options that exist are advised", () => {
  const sources = ["packages/cli/src/program.ts", ...listFiles("packages/cli/src/arguments")];
  const program = sources.map(readRootFile).join("\n");
  const commands = new Set([...program.matchAll(/\.command\("([a-z]+)"\)/g)].map(([, name]) => name));
  const options = new Set([...program.matchAll(/"(?:-\w, )?(--[a-z-]+)/g)].map(([, name]) => name));
  const advised = [...text.matchAll(/`troupe ([a-z]+)/g)].map(([, name]) => name);
  expect(commands.size).toBeGreaterThan(5);
  expect(advised.filter((name) => !commands.has(name))).toEqual([]);
  const named = [...text.matchAll(/`(?!npm )[^`]*?(--[a-z][a-z-]+)/g)].map(([, name]) => name);
  expect(named.filter((name) => name !== "--help" && !options.has(name))).toEqual([]);
});
