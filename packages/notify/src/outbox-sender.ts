import type { Clock, Owner, ProcessWitness } from "@troupe/core";
import type { Sender } from "./outbox-line.js";

/** This process, as one of those who send what lies in outboxes: of each outbox only one of them sends what is old. */
export interface OutboxSender {
  readonly id: string;
  /** To be put into an outbox before anything of it is sent. */
  line(): Promise<Sender>;
  /** Whether another one that still lives began to send before this process did. */
  isBehind(senders: readonly Sender[]): Promise<boolean>;
}

/** Who cannot be looked at, on another host or in a container, is believed to live for so long. */
const BELIEVED_MS = 3_600_000;

export function createOutboxSender(
  id: string,
  clock: Pick<Clock, "now">,
  { identifySelf, judgeLiveness }: ProcessWitness,
): OutboxSender {
  let known: Promise<Owner> | null = null;
  const self = (): Promise<Owner> => {
    known ??= identifySelf("notify");
    return known;
  };
  const lives = async ({ owner, at }: Sender): Promise<boolean> => {
    const liveness = await judgeLiveness(owner, await self());
    return liveness === "unknown" ? clock.now() - at < BELIEVED_MS : liveness === "alive";
  };
  return {
    id,
    line: async () => ({ sender: id, owner: await self(), at: clock.now() }),
    async isBehind(senders) {
      for (const other of senders) {
        if (other.sender === id) return false;
        if (await lives(other)) return true;
      }
      return false;
    },
  };
}
