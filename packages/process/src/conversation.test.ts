import type { Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import { isRunning, type Recorded, record, runningWith } from "../test/real-processes.js";
import type { Conversation } from "./conversation.js";
import { runProcess } from "./run-process.js";

const READER = 'echo up; while read -r line; do echo "heard $line"; done; echo end of input';

interface Talk extends Conversation {
  say(text: string): void;
  readonly stops: number;
}

function createTalk(onStop: (talk: Talk) => unknown = () => {}): Talk {
  let input: Writable | null = null;
  let stops = 0;
  const talk: Talk = {
    open: (stdin) => {
      input = stdin;
    },
    stop: async () => {
      stops += 1;
      return onStop(talk);
    },
    say: (text) => void input?.write(text),
    get stops() {
      return stops;
    },
  };
  return talk;
}

async function endTalk(recorded: Recorded, running: Promise<unknown>): Promise<unknown> {
  recorded.stop.abort();
  return running;
}

describe("a conversation", () => {
  test("goes on for as long as the program runs, and ends with the end of its input", async () => {
    const talk = createTalk();
    const recorded = record(READER, { input: talk, ladder: { closeMs: 5000 } });
    const running = runProcess(recorded.request);
    await recorded.said("up");
    talk.say("one\n");
    await recorded.said("heard one\n");
    talk.say("two\n");
    await recorded.said("heard two\n");
    expect(await endTalk(recorded, running)).toMatchObject({ exitCode: 0, signal: null, ended: "aborted" });
    expect(recorded.text()).toBe("up\nheard one\nheard two\nend of input\n");
    expect(talk.stops).toBe(1);
  });

  test("is asked to stop first, and what it says then still arrives", async () => {
    const talk = createTalk(async (self) => {
      self.say("please stop\n");
      await recorded.said("heard please stop\n");
      self.say("thank you\n");
    });
    const recorded = record(READER, { input: talk, ladder: { askMs: 5000, closeMs: 5000 } });
    const running = runProcess(recorded.request);
    await recorded.said("up");
    talk.say("one\n");
    await recorded.said("heard one\n");
    expect(await endTalk(recorded, running)).toMatchObject({ exitCode: 0, ended: "aborted" });
    expect(recorded.text()).toBe("up\nheard one\nheard please stop\nheard thank you\nend of input\n");
  });

  test.each([
    ["never answers", () => new Promise(() => {})],
    ["cannot be asked", () => Promise.reject(new Error("no"))],
  ])("that %s is ended all the same, with everything that it started", async (_name, onStop) => {
    const recorded = record("trap '' TERM; setsid sleep 1000 & echo up; while :; do sleep 0.05; done", {
      input: createTalk(onStop),
      ladder: { askMs: 50, closeMs: 50, termMs: 50 },
    });
    const running = runProcess(recorded.request);
    await recorded.said("up");
    expect(await endTalk(recorded, running)).toMatchObject({ signal: "SIGKILL", ended: "aborted" });
    expect(runningWith(recorded.request.marker)).toEqual([]);
  });

  test("is cut short when there is no more patience", async () => {
    const recorded = record("trap '' TERM; echo up; while :; do sleep 0.05; done", {
      input: createTalk(() => recorded.kill.abort()),
      ladder: { askMs: 60_000, closeMs: 60_000, termMs: 60_000 },
    });
    const running = runProcess(recorded.request);
    await recorded.said("up");
    expect(await endTalk(recorded, running)).toMatchObject({ signal: "SIGKILL" });
    expect(recorded.pids.map(isRunning)).toEqual([false]);
  });

  test("with a program that is gone is no error", async () => {
    const talk = createTalk();
    const recorded = record("exec <&-; echo up; sleep 0.2; exit 3", { input: talk });
    const running = runProcess(recorded.request);
    await recorded.said("up");
    talk.say("x".repeat(1_000_000));
    expect(await running).toMatchObject({ exitCode: 3, ended: "exited" });
    talk.say("still there?\n");
  });

  test("that throws at its beginning ends the program", async () => {
    const broken: Conversation = {
      open: () => {
        throw new Error("broken");
      },
      stop: () => Promise.resolve(),
    };
    const recorded = record("sleep 1000", { input: broken });
    await expect(runProcess(recorded.request)).rejects.toThrow("broken");
    expect(recorded.pids.map(isRunning)).toEqual([false]);
  });
});
