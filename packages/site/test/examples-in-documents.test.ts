import { type CommandDescription, describeCommands } from "@troupe/cli";
import { parseProjectFile, parseWorkflow } from "@troupe/config";
import { expect, test } from "vitest";
import { blocksOf, listDocuments, readDocument } from "./documents.js";

const pages = listDocuments().filter((path) => /^(?:docs\/|packages\/[^/]+\/README)|^README/.test(path));
const blocks = pages.flatMap(blocksOf);

test("every YAML example is a workflow or a project file without a mistake", () => {
  // a list is part of a file of somebody else's: a step of a CI server
  const examples = blocks.filter(({ language, text }) => language === "yaml" && /^[a-z_]+:/m.test(text));
  expect(examples.length).toBeGreaterThan(15);
  const mistakes = examples.flatMap(({ text, place }) => {
    const parse = /^stages:/m.test(text) ? parseWorkflow : parseProjectFile;
    const { diagnostics } = parse(text, place);
    return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => `${place}: ${message}`);
  });
  expect(mistakes).toEqual([]);
});

test("every command line of an example names a command that there is, and options of it", () => {
  const root = describeCommands();
  const flagsOf = ({ options }: CommandDescription): readonly string[] =>
    options.flatMap(({ term }) => term.match(/--?[a-z][a-z-]*/gi) ?? []);
  const lines = blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ text, place }) => text.split("\n").map((line) => ({ line: line.replace(/\s#.*$/, ""), place })))
    .flatMap(({ line, place }) => {
      const [, words = ""] = /(?:^|\s)troupe (.+)$/.exec(line) ?? [];
      return words === "" ? [] : [{ words, place }];
    });
  expect(lines.length).toBeGreaterThan(15);
  const wrong = lines.filter(({ words }) => {
    const command = root.commands.find(({ name }) => name === words.split(" ")[0]);
    if (command === undefined) return true;
    const known = new Set([...flagsOf(root), ...flagsOf(command)]);
    return (words.match(/(?<=\s)--?[a-z][a-z-]*/g) ?? []).some((flag) => !known.has(flag));
  });
  expect(wrong).toEqual([]);
});

test("the pages of agents say what the presets say: how each is installed and logged in to", () => {
  const facts = ["agent-acp", "agent-command"].flatMap((folder) => {
    const source = readDocument(`packages/${folder}/src/presets.ts`);
    return [...source.matchAll(/^ +(?:install|login): "([^"]+)"/gm)].map(([, command = ""]) => command);
  });
  expect(facts.length).toBeGreaterThan(18);
  const agents = pages
    .filter((path) => path.startsWith("docs/agents/"))
    .map(readDocument)
    .join("\n")
    .split("\n");
  expect(facts.filter((command) => !agents.includes(command))).toEqual([]);
});

test("the README of the command has every command once", () => {
  const [, section = ""] = /\n## Commands\n([\s\S]*?)\n## /.exec(readDocument("packages/cli/README.md")) ?? [];
  const listed = [...section.matchAll(/^\| `([a-z]+)/gm)].map(([, name]) => name);
  const commands = describeCommands().commands.map(({ name }) => name);
  expect(listed.sort()).toEqual(commands.sort());
});
