import type { ProgressReporter, RunStateView, SecretMasker, StateStore, TurnId } from "@troupe/core";

/** Of a turn that had written before anybody looked, only the end is told. */
const FIRST_BYTES = 64 * 1024;

/** Tells what turns in flight write, from their logs: as their holder's own reporters are told, a moment later. */
export interface OutputFollower {
  /** Tells what has been written since the last call. */
  tell(state: RunStateView): Promise<void>;
}

interface OpenLog {
  offset: number;
  readonly decoder: TextDecoder;
  readonly mask: ReturnType<SecretMasker["createStream"]>;
}

/** A secret that was declared after the log was written is masked on its way, as `logs` does it. */
export function createOutputFollower(
  store: StateStore,
  masker: SecretMasker,
  reporters: readonly ProgressReporter[],
): OutputFollower {
  const logs = new Map<TurnId, OpenLog>();
  const give = (turn: TurnId, text: string): void => {
    if (text === "") return;
    for (const reporter of reporters) reporter.report({ type: "progress", turn, update: { type: "output", text } });
  };
  const read = async (runId: string, turn: TurnId): Promise<void> => {
    const log = logs.get(turn) ?? { offset: 0, decoder: new TextDecoder(), mask: masker.createStream() };
    logs.set(turn, log);
    let text = "";
    for await (const chunk of store.logs.read(runId, turn, log.offset)) {
      log.offset += chunk.length;
      text = `${text}${log.decoder.decode(log.mask.push(chunk), { stream: true })}`.slice(-FIRST_BYTES);
    }
    give(turn, text);
  };
  return {
    tell: async ({ runId, stages }) => {
      const inFlight = new Set([...stages.values()].flatMap((stage) => stage.inFlight.map(({ turn }) => turn)));
      for (const turn of logs.keys()) if (!inFlight.has(turn)) logs.delete(turn);
      for (const turn of inFlight) await read(runId, turn);
    },
  };
}
