import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { answerAtOnce } from "./answer-at-once.js";
import { readVersion } from "./version.js";

const bin = fileURLToPath(new URL("../dist/bin.cjs", import.meta.url));
const troupe = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
};

test("the version needs nothing else", () => {
  const version = `${readVersion()}\n`;
  expect([["--version"], ["-V"]].map((args) => answerAtOnce(args, () => undefined))).toEqual([version, version]);
});

test("whatever is more than one of the two questions is left to the parser", () => {
  const others = [[], ["status"], ["--help", "run"], ["-V", "--json"], ["--versio"]];
  expect(others.map((args) => answerAtOnce(args, () => undefined))).toEqual(others.map(() => null));
});

test("help at once is the help that the parser prints", () => {
  const parsed = troupe("--plain", "--help");
  expect(parsed).toEqual({ status: 0, stdout: expect.stringContaining("Usage: troupe"), stderr: "" });
  expect(troupe("--help")).toEqual(parsed);
  expect(troupe("-h")).toEqual(parsed);
});

test("the built command finds the files of its package", () => {
  expect(troupe("schema", "output-list")).toEqual({
    status: 0,
    stdout: readFileSync(new URL("../schemas/output-list.schema.json", import.meta.url), "utf8"),
    stderr: "",
  });
});
