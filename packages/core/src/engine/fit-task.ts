import type { TextRef } from "../model/refs.js";
import type { TurnTask } from "../model/turn.js";
import type { BlobStore } from "../plugin/store.js";

/** A task may travel: it stays below this many bytes, by moving inline texts to the blob store. */
const MAX_INLINE_BYTES = 48 * 1024;

/**
 * The task with as many inline texts as fit, itself when that is all of them; the others are durable in the blob store
 * when it resolves.
 */
export function fitTask(blobs: BlobStore, task: TurnTask): TurnTask | Promise<TurnTask> {
  return inlineBytesOf(task) <= MAX_INLINE_BYTES ? task : withoutTexts(blobs, task);
}

async function withoutTexts(blobs: BlobStore, task: TurnTask): Promise<TurnTask> {
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

function inlineBytesOf({ objective, inputs, feedback, underReview, others }: TurnTask): number {
  let sum = inlineBytes(objective);
  for (const input of inputs) sum += inlineBytes(input);
  for (const { text } of feedback) sum += inlineBytes(text);
  if (underReview !== null) for (const { output } of underReview.turns) sum += inlineBytes(output);
  if (others !== undefined) for (const { output } of others) sum += inlineBytes(output);
  return sum;
}

function inlineBytes(ref: TextRef): number {
  return ref.text === null ? 0 : ref.bytes;
}
