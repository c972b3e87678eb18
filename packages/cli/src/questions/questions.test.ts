import { expect, test } from "vitest";
import { createCli, OBJECTIVE, pluginModule } from "../../test/cli-harness.js";
import type { CliHost } from "../cli-host.js";
import { createQuestions, type Questions } from "./questions.js";

/** A terminal whose person answers when the test says so. */
function createPerson(): {
  readonly ask: NonNullable<CliHost["ask"]>;
  readonly asked: string[];
  answer(text: string): void;
} {
  let reply: (text: string) => void = () => {};
  const asked: string[] = [];
  return {
    asked,
    answer: (text) => reply(text),
    ask: (question, signal) => {
      asked.push(question);
      return new Promise((resolve, reject) => {
        reply = resolve;
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
    },
  };
}

const never = new AbortController().signal;

test("one question stands at a time; one that is withdrawn gives way to the next", async () => {
  const person = createPerson();
  const { ask, dialogue } = createQuestions(person.ask);
  const changes: boolean[] = [];
  const stopListening = dialogue.onChange(() => void changes.push(dialogue.isOpen()));
  const [first, second] = [new AbortController(), new AbortController()];
  const answers = [ask("1?", first.signal), ask("2?", second.signal), ask("3?", never)];
  const settled = Promise.allSettled(answers);
  await expect.poll(() => person.asked).toEqual(["1?"]);
  second.abort(new Error("2 is over"));
  await expect(answers[1]).rejects.toThrow("2 is over"); // it does not wait for the one before it
  expect(changes).toEqual([true]);
  first.abort(new Error("1 is over"));
  await expect.poll(() => person.asked).toEqual(["1?", "3?"]);
  stopListening();
  person.answer("yes");
  expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  expect([changes, dialogue.isOpen()]).toEqual([[true, false, true], false]);
  await expect(ask("4?", AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
  expect(person.asked).toEqual(["1?", "3?"]);
});

/** Where the output of a host goes that is held back. */
function hold(questions: Questions): { readonly host: CliHost; readonly written: string[] } {
  const written: string[] = [];
  const sink = (name: string): CliHost["stdout"] => ({
    write: (text) => void written.push(`${name} ${text.length > 9 ? text.length : text}`),
    isTerminal: true,
    size: () => ({ columns: 80, rows: 24 }),
  });
  const nothing = { ask: null, onSignal: () => () => {}, exitNow: () => {}, readStdin: async () => "" };
  const clock = { now: () => 0, monotonic: () => 0, wait: async () => {} };
  const world = { environment: {}, cwd: "/", clock, randomHex: () => "" };
  const host = { ...nothing, ...world, stdout: sink("out"), stderr: sink("err") };
  return { host: questions.holdBack(host), written };
}

test("what is written while a question stands comes behind it, in order; of too much the oldest is lost", async () => {
  const person = createPerson();
  const questions = createQuestions(person.ask);
  const { host, written } = hold(questions);
  host.stderr.write("a");
  const first = questions.ask("1?", never);
  await expect.poll(() => person.asked).toEqual(["1?"]);
  for (const [sink, text] of [
    [host.stderr, "b"],
    [host.stdout, "c"],
    [host.stderr, "d"],
  ] as const)
    sink.write(text);
  expect(written).toEqual(["err a"]);
  person.answer("y");
  await first;
  expect(written.splice(0)).toEqual(["err a", "err b", "out c", "err d"]);
  const second = questions.ask("2?", never);
  await expect.poll(() => person.asked).toHaveLength(2);
  for (const letter of ["x", "y", "z"]) host.stderr.write(letter.repeat(500_000));
  person.answer("y");
  await second;
  expect(written).toEqual(["err 500000", "err 500000"]);
});

const STAGES = "stages:\n  FIRST: { work_agent: worker, artifacts: [] }\n";
const ASKING = pluginModule(
  "agent",
  `(options, host) => ({
    run: async ({ access }, { ask }) => {
      const reply = ask === undefined ? "nobody" : await ask("May I?\\u001b[2J\\nStage B:");
      return { output: access + " " + reply, session: null, usage: null };
    },
  })`,
);

test("an agent's question reaches the person at the terminal, who sees who asks", async () => {
  const files = {
    "objective.md": OBJECTIVE,
    "stages.yaml": STAGES,
    "asking.mjs": ASKING,
    "troupe.yaml": "agents: { default: { plugin: ./asking.mjs, access: ask } }\n",
  };
  const questions: string[] = [];
  const ask = async (question: string): Promise<string> => {
    questions.push(question);
    return "go on";
  };
  const outputOf = async (...flags: readonly string[]): Promise<unknown> => {
    const cli = await createCli(files);
    expect((await cli.runWith({ ask }, "run", "objective.md", ...flags)).code).toBe(0);
    return /"text":"(\w+ [\w ]+)"/.exec(cli.read(`.troupe/runs/${cli.runId()}/journal.jsonl`))?.[1];
  };
  expect(await outputOf()).toBe("ask go on");
  expect(questions.splice(0)).toEqual(['Stage FIRST, turn FIRST.1, agent "worker": May I? Stage B: ']);
  expect(await outputOf("-q")).toBe("ask go on");
  expect(questions.splice(0)).toHaveLength(1);
  expect(await outputOf("--no-input")).toBe("ask nobody");
  expect(questions).toEqual([]);
});
