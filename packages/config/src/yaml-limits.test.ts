import { expect, it } from "vitest";
import { decodeText, MAX_FILE_BYTES } from "./decode-text.js";
import { createDiagnosticLog } from "./diagnostic-log.js";
import { parseYamlTree } from "./yaml-tree.js";

function messages(text: string): readonly string[] {
  const log = createDiagnosticLog("f", text);
  parseYamlTree({ text, offset: 0 }, log);
  return log.list().map(({ message }) => message);
}

const repeat = (count: number, piece: string): string => piece.repeat(count);
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

it("a file of just 1 MiB is read, one byte more is not", () => {
  const whole = Buffer.alloc(MAX_FILE_BYTES, "#");
  expect(decodeText(whole, "f").text?.length).toBe(MAX_FILE_BYTES);
  const { text, diagnostics } = decodeText(Buffer.alloc(MAX_FILE_BYTES + 1, "#"), "f");
  expect([text, diagnostics[0]?.message]).toEqual([null, "the file is larger than 1 MiB"]);
});

it("64 levels are read, in brackets and in blocks, more are not", () => {
  const deeper = ["the file is nested deeper than 64 levels"];
  expect(messages(`${repeat(64, "[")}${repeat(64, "]")}`)).toEqual([]);
  expect(messages(`${repeat(65, "[")}${repeat(65, "]")}`)).toEqual(deeper);
  expect(messages(lines(64, (index) => `${repeat(index, " ")}a:`))).toEqual([]);
  expect(messages(lines(66, (index) => `${repeat(index, " ")}a:`))).toEqual(deeper);
  expect(messages(repeat(66, "- "))).toEqual(deeper);
});

it("5,000 keys and values are read, more are not", () => {
  const many = ["the file has more than 5000 keys and values"];
  expect(messages(`[${repeat(4_999, "a,")}]`)).toEqual([]);
  expect(messages(`[${repeat(5_000, "a,")}]`)).toEqual(many);
  expect(messages(lines(2_499, (index) => `k${index}: 1`))).toEqual([]);
  expect(messages(lines(2_501, (index) => `k${index}: 1`))).toEqual(many);
});

it("50 aliases are read, more are not, and what they stand for counts", () => {
  expect(messages(`a: &a 1\nb: [${repeat(50, "*a, ")}]`)).toEqual([]);
  expect(messages(`a: &a 1\nb: [${repeat(51, "*a, ")}]`)).toEqual(["the file has more than 50 aliases"]);
  const list = `a: &a [${repeat(200, "x,")}]\nb: [${repeat(50, "*a, ")}]`;
  expect(messages(list)).toEqual(["the file has more than 5000 keys and values"]);
});

it("a doubled key is found among thousands in linear time", () => {
  const text = `${lines(2_400, (index) => `key_${index}: 1`)}\nkey_7: 2\n`;
  expect(messages(text)).toEqual(['"key_7" is given twice; the first is in line 8']);
});

it("merge keys, tags, directives and second documents are refused, never taken", () => {
  expect(messages("a: &a { b: 1 }\nc:\n  <<: *a\n")).toEqual(["merge keys (<<) are not supported"]);
  expect(messages("a: !!binary aGk=\n")).toEqual(["tags are not supported: tag:yaml.org,2002:binary"]);
  expect(messages("%TAG ! x:\n---\na: 1\n")).toEqual(["directives are not supported"]);
  expect(messages("a: 1\n---\nb: 1\n")).toEqual(["the file has a second document (---)"]);
});
