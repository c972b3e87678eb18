import { expect, test } from "vitest";
import { createTranscript, type Transcript } from "./transcript.js";

/** A transcript that has begun; what it writes is dropped. */
function begin(): Transcript {
  const transcript = createTranscript({ write: () => {}, activity: () => {}, cost: () => {} });
  transcript.begin();
  return transcript;
}

const chunk = (text: string, messageId: string): object => ({
  sessionUpdate: "agent_message_chunk",
  messageId,
  content: { type: "text", text },
});

test("an agent that never stops talking fills no memory: of its message the beginning and the end are kept", () => {
  const transcript = begin();
  const line = `${"x".repeat(99_999)}\n`;
  transcript.update(chunk("First words.\n", "1"));
  for (let piece = 0; piece < 100; piece += 1) transcript.update(chunk(line, "1"));
  transcript.update(chunk("Last words.", "1"));
  const answer = transcript.answer() ?? "";
  expect(answer.length).toBeLessThan(2.1 * 1024 * 1024);
  expect([answer.startsWith("First words.\nx"), answer.includes("\n[... left out ...]\n")]).toEqual([true, true]);
  expect(answer.endsWith("x\nLast words.")).toBe(true);
});

test("of many messages the last one that says something is the answer, and what follows it are notices", () => {
  const transcript = begin();
  for (const [index, text] of ["One.", "Warning: a", "Two.", "Three.", "Info: b", "Warning: c"].entries())
    transcript.update(chunk(text, String(index)));
  expect([transcript.answer(), transcript.notices()]).toEqual(["Three.", ["Info: b", "Warning: c"]]);
});

test("notices without end are counted no further than a hundred", () => {
  const transcript = begin();
  for (let count = 0; count < 1000; count += 1)
    transcript.update({ sessionUpdate: "notice", severity: "info", title: `notice ${count}` });
  expect([transcript.notices().length, transcript.notices().at(-1)]).toEqual([100, "info: notice 99"]);
});

test("what others write into the log begins on a line of its own", () => {
  const log: string[] = [];
  const write = (text: string): void => void log.push(text);
  const transcript = createTranscript({ write, activity: () => {}, cost: () => {} });
  transcript.begin();
  for (const error of ["a warning\n", "another\n"]) {
    transcript.update(chunk("It is done.", "1"));
    transcript.makeWay();
    write(error);
  }
  expect(log.join("")).toBe("It is done.\na warning\nIt is done.\nanother\n");
});
