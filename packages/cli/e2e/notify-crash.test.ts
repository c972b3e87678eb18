import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { createProject, OBJECTIVE, stepWorkflow } from "./harness.js";

interface Received {
  readonly key: string;
  readonly title: string;
}

interface Receiver {
  readonly address: string;
  /** All that was posted, in the order in which it came. */
  readonly received: readonly Received[];
  /** Answers from now on, as a service that is well again. */
  answerAll(): void;
}

/** A webhook that takes everything, but never answers a notification with this title until it is told to. */
async function openReceiver(heldTitle: string): Promise<Receiver> {
  const received: Received[] = [];
  let isHolding = true;
  const take = async (body: string, header: unknown, response: ServerResponse): Promise<void> => {
    const { key, title }: Received = JSON.parse(body);
    received.push({ key, title });
    if (header !== key) response.writeHead(400).end();
    else if (title !== heldTitle || !isHolding) response.writeHead(204).end();
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => take(body, request.headers["idempotency-key"], response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  return {
    address: `http://127.0.0.1:${port}/runs`,
    received,
    answerAll: () => {
      isHolding = false;
    },
  };
}

/** What the outbox says of notifications, line by line. */
function outboxOf(file: string): readonly string[] {
  return file.split("\n").flatMap((line) => {
    const { key, done }: { readonly key?: string; readonly done?: string } = line === "" ? {} : JSON.parse(line);
    if (done !== undefined) return [`done ${done}`];
    return key === undefined ? [] : [`put ${key}`];
  });
}

test("a notification that was under way when the runner was killed arrives again with its key, one that had arrived does not", async () => {
  const receiver = await openReceiver("B completed: Try it");
  const project = await createProject({
    "objective.md": OBJECTIVE,
    "stages.yaml": stepWorkflow(["A", "B", "C"]),
    "troupe.yaml": `notify:\n  - { webhook: "${receiver.address}", events: [stage-completed], timeout: 5m }\n`,
    "hold-C": "",
  });
  const titles = () => receiver.received.map(({ title }) => title);
  const first = project.start("run", "objective.md");
  await project.line("calls.log", "start C");
  await expect.poll(titles, { timeout: 60_000 }).toEqual(["A completed: Try it", "B completed: Try it"]);
  first.child.kill("SIGKILL");
  await first.finished;

  const [a, b] = receiver.received.map(({ key }) => key);
  const outbox = () => outboxOf(readFileSync(join(project.runFolder(), "notify.jsonl"), "utf8"));
  // what is to be sent is written down while the one before is being sent
  expect([...outbox()].sort()).toEqual([`done ${a}`, `put ${a}`, `put ${b}`].sort());

  receiver.answerAll();
  const second = project.start("resume");
  await expect
    .poll(titles, { timeout: 60_000 })
    .toEqual(["A completed: Try it", "B completed: Try it", "B completed: Try it"]);
  const sorted = () => [...outbox()].sort();
  const everything = [`done ${a}`, `done ${b}`, `put ${a}`, `put ${b}`].sort();
  await expect.poll(sorted, { timeout: 60_000 }).toEqual(everything);
  await project.write("go-C", "");
  const { code, stderr } = await second.finished;
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining("notifying") });
  // what a busy machine does not send in time of the end itself is for the next run: only what was before counts
  expect(receiver.received.filter(({ title }) => !title.startsWith("C "))).toEqual([
    { key: a, title: "A completed: Try it" },
    { key: b, title: "B completed: Try it" },
    { key: b, title: "B completed: Try it" },
  ]);
  expect(project.starts()).toEqual(["start A", "start B", "start C", "start C"]);
  expect(project.leftovers()).toEqual([]);
});
