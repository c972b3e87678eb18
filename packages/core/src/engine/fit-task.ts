import type { TextRef } from "../model/refs.js";
import type { TurnTask } from "../model/turn.js";
import type { BlobStore } from "../plugin/store.js";

/** A task may travel: it stays below this many bytes, by moving inline texts to the blob store. */
const MAX_INLINE_BYTES = 48 * 1024;

/** The task with as many inline texts as fit; the others are durable in the blob store when it resolves. */
export async function fitTask(blobs: BlobStore, task: TurnTask): Promise<TurnTask> {
  const texts = [task.objective, ...task.inputs, ...task.feedback.map(({ text }) => text), ...outputsOf(task)];
  if (texts.reduce((sum, ref) => sum + inlineBytes(ref), 0) <= MAX_INLINE_BYTES) return task;
  const move = async <Ref extends TextRef>(ref: Ref): Promise<Ref> => {
    if (ref.text === null) return ref;
    await blobs.put(task.runId, Buffer.from(ref.text, "utf8"));
    return { ...ref, text: null };
  };
  return {
    ...task,
    objective: await move(task.objective),
    inputs: await Promise.all(task.inputs.map(move)),
    ...(task.others === undefined
      ? {}
      : { others: await Promise.all(task.others.map(async (one) => ({ ...one, output: await move(one.output) }))) }),
    feedback: await Promise.all(task.feedback.map(async (one) => ({ ...one, text: await move(one.text) }))),
    underReview:
      task.underReview === null
        ? null
        : {
            ...task.underReview,
            turns: await Promise.all(
              task.underReview.turns.map(async (one) => ({ ...one, output: await move(one.output) })),
            ),
          },
  };
}

function outputsOf({ underReview, others = [] }: TurnTask): readonly TextRef[] {
  return [...(underReview?.turns ?? []), ...others].map(({ output }) => output);
}

function inlineBytes(ref: TextRef): number {
  return ref.text === null ? 0 : ref.bytes;
}
