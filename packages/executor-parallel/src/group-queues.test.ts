import { expect, test } from "vitest";
import { turnTask } from "../test/turns.js";
import { GroupQueues } from "./group-queues.js";

test("nothing of 1,000 groups stays behind when their jobs have settled", async () => {
  const queues = new GroupQueues();
  const jobs = Array.from({ length: 1000 }, (_, n) =>
    queues.add(turnTask("A", { name: `g${n}`, maxConcurrent: 1 }), 1, () => Promise.resolve()),
  );
  expect(queues.size).toBe(1000);
  await Promise.all(jobs);
  expect(queues.size).toBe(0);
});

test("a group stays while one of its jobs is unsettled, and takes a changed limit", async () => {
  const queues = new GroupQueues();
  const task = turnTask("A", { name: "g", maxConcurrent: 1 });
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const started: string[] = [];
  const add = (name: string, limit: number): Promise<void> =>
    queues.add(task, limit, () => {
      started.push(name);
      return held;
    });
  const jobs = [add("first", 1), add("second", 1)];
  expect(started).toEqual(["first"]);
  jobs.push(add("third", 2));
  expect(started).toEqual(["first", "second"]);
  release();
  await Promise.all(jobs);
  expect([started, queues.size]).toEqual([["first", "second", "third"], 0]);
});
