import { createSecretMasker, NO_SECRETS, type SecretMasker } from "@troupe/core";
import { expect, test } from "vitest";
import { createContext } from "../test/turn-harness.js";
import { createTurnOutput, type TurnOutput } from "./turn-output.js";

interface Seen {
  readonly output: TurnOutput;
  logged(): string;
  /** What whoever watches was told. */
  news(): readonly string[];
}

function createOutput(masker: SecretMasker = NO_SECRETS): Seen {
  const logged: Buffer[] = [];
  const context = createContext();
  const log = {
    write: (chunk: Uint8Array) => void logged.push(Buffer.from(chunk)),
    close: async () => ({ turn: "A.1", bytes: 0, truncated: false }),
  };
  return {
    output: createTurnOutput(log, context, masker),
    logged: () => Buffer.concat(logged).toString("utf8"),
    news: () => context.seen.flatMap((update) => (update.type === "output" ? [update.text] : [])),
  };
}

test("characters that are split over chunks are told whole, each stream by itself", () => {
  const { output, news, logged } = createOutput();
  const bytes = Buffer.from("wörk");
  output.write(bytes.subarray(0, 2));
  output.write(Buffer.from("err"), "stderr");
  output.write(bytes.subarray(2));
  output.end();
  expect(news()).toEqual(["w", "err", "örk"]);
  expect(logged()).toContain("err");
});

test("of much at once the end is told, beginning with a whole character, and all of it is logged", () => {
  const { output, news, logged } = createOutput();
  const text = `${"ä".repeat(50_000)}x\nthe end, ä`;
  const bytes = Buffer.from(text);
  output.write(bytes.subarray(0, bytes.length - 1));
  output.write(bytes.subarray(bytes.length - 1));
  output.end();
  expect(logged()).toBe(text);
  const [first = "", second] = news();
  expect([first.endsWith("ääx\nthe end, "), first.includes("\uFFFD"), second]).toEqual([true, false, "ä"]);
  expect(Buffer.byteLength(first)).toBeLessThanOrEqual(8 * 1024);
});

test("of a secret in much output nothing is told", () => {
  const masker = createSecretMasker([{ name: "KEY", value: "s3cr3t-value" }]);
  const { output, news, logged } = createOutput(masker);
  const line = Buffer.from("s3cr3t-value ".repeat(3000));
  output.write(line.subarray(0, 20_000));
  output.write(line.subarray(20_000));
  output.end();
  expect(news().join("")).not.toContain("s3cr3t");
  expect(logged()).toBe("[secret KEY] ".repeat(3000));
});
