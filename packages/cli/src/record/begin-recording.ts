import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { TroupeError, type Workflow } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { quoteWord } from "../print/quote-word.js";
import { exists } from "../project/project.js";
import { createTurnRecorder, type TurnRecorder } from "./turn-recorder.js";

/** A recording under way. */
export interface Recording {
  readonly recorder: TurnRecorder;
  /** Waits until all is written, and says what can be done with it. */
  end(): Promise<void>;
}

/**
 * Makes sure before anything runs that the cassette can be written. Rejects `CONFIRMATION_NEEDED` for a file that is
 * there already, `FILE_NOT_WRITTEN`.
 */
export async function beginRecording(context: CommandContext, workflow: Workflow, name: string): Promise<Recording> {
  const file = resolve(context.cwd, name);
  await confirmOver(context, file);
  await writeFile(file, "").catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TroupeError("FILE_NOT_WRITTEN", `the recording cannot be written to ${file}: ${reason}`, {
      hint: "Name another place: --record recording.jsonl",
      cause,
    });
  });
  const recorder = createTurnRecorder({
    file,
    masker: context.settings.secrets.masker,
    treeWriters: new Set(workflow.stages.flatMap(({ id, writes }) => (writes === "tree" ? [id] : []))),
    warn: (message) => context.note(`warning: ${message}\n`),
  });
  return {
    recorder,
    end: async () => {
      const turns = await recorder.close();
      const count = turns === 1 ? "1 turn" : `${turns} turns`;
      context.note(`Recorded ${count} in ${file}\nPlay them again: add --agent all=replay:${quoteWord(name)} --new\n`);
    },
  };
}

async function confirmOver({ options, ask }: CommandContext, file: string): Promise<void> {
  if (options.yes === true || !(await exists(file))) return;
  const answer = await ask?.(`${file} is there already. Record over it? [y/N] `);
  if (/^y(es)?$/i.test(answer?.trim() ?? "")) return;
  throw new TroupeError("CONFIRMATION_NEEDED", `${file} is there already`, { hint: "Record over it: add --yes" });
}
