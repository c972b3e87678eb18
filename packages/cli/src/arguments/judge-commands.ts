import type { Command } from "commander";
import type { JudgeOptions } from "../commands/judge.js";
import { type Act, inProject } from "./act.js";

const AFTERWARDS = `
It works from any terminal, also when nobody watches or the run's process is dead: whoever holds the run goes on at once,
else the next troupe resume does. --turn names the result that you have looked at; it is refused (NOT_WAITING) when
another one waits meanwhile. troupe status prints both commands ready to be pasted.
`;

/** What a person says of a result that waits, from another terminal than the run's. */
export function addJudgeCommands(program: Command, act: Act): void {
  const judge = (command: Command, verdict: "approved" | "rejected", run: string, stage: string): Promise<void> =>
    act(
      command,
      inProject(async (context) => {
        const { judgeCommand } = await import("../commands/judge.js");
        return await judgeCommand(context, verdict, { run, stage }, command.opts<JudgeOptions>());
      }),
    );
  program
    .command("approve")
    .description("approve the result that a stage waits with (approval: true in stages.yaml)")
    .argument("<run>")
    .argument("<stage>")
    .option("-m, --message <text>", "words that are recorded with it")
    .option("--turn <turn>", "only if this turn's result is the one that waits")
    .addHelpText("after", AFTERWARDS)
    .action(async (run: string, stage: string, _options: unknown, command: Command) => {
      await judge(command, "approved", run, stage);
    });
  program
    .command("reject")
    .description("send the result that a stage waits with back to its agent; it waits again when that is done")
    .argument("<run>")
    .argument("<stage>")
    .option("-m, --message <text>", "what must change; the agent gets it as feedback")
    .option("--turn <turn>", "only if this turn's result is the one that waits")
    .addHelpText("after", AFTERWARDS)
    .action(async (run: string, stage: string, _options: unknown, command: Command) => {
      await judge(command, "rejected", run, stage);
    });
}
