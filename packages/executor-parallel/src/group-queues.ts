import type { TurnTask } from "@troupe/core";
import PQueue from "p-queue";

interface GroupQueue {
  readonly queue: PQueue;
  /** Jobs added and not settled; at zero the queue is dropped. */
  jobs: number;
}

/** One queue for each group with a limit that has turns waiting or running; none is kept beyond that. */
export class GroupQueues {
  readonly #queues: Map<string, GroupQueue> = new Map();

  /** Groups with turns waiting or running. */
  get size(): number {
    return this.#queues.size;
  }

  /** Runs `job` when fewer than `maxConcurrent` jobs of this run's group are running; at once, if that is now. */
  async add(task: TurnTask, maxConcurrent: number, job: () => Promise<unknown>): Promise<void> {
    const key = `${task.runId}/${task.group?.name}`; // neither may hold a slash
    const group = this.#queues.get(key) ?? { queue: new PQueue({ concurrency: maxConcurrent }), jobs: 0 };
    this.#queues.set(key, group);
    group.queue.concurrency = maxConcurrent; // a run may have been reconfigured since
    group.jobs += 1;
    try {
      await group.queue.add(job);
    } finally {
      group.jobs -= 1;
      if (group.jobs === 0) this.#queues.delete(key);
    }
  }
}
