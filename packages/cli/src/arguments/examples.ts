import type { Command } from "commander";

const RUN = "login-page-2026-11-28-3f9a1c";

/** A command to type; what it is for, where that needs words. */
type Example = readonly [command: string, why?: string];

/** What stands first in the help of each command. Every one of them is parsed by a test. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  run: [
    ["troupe run objective.md"],
    ['troupe run -m "Add a --json flag" --max-cost 5 --max-duration 2h'],
    ["troupe run objective.md --dry-run", "what it would start, and how large its prompts would be"],
    ["troupe run objective.md --until PLAN_REVIEW", "look at the plan first, then: troupe resume"],
    ["troupe run objective.md --record tape.jsonl", "to play it later with --agent all=replay:tape.jsonl"],
    ["troupe run objective.md --json | jq -r .type", "one event a line"],
  ],
  resume: [
    ["troupe resume", "the newest unfinished run"],
    ["troupe resume --plan", "for each stage keep or run, and why"],
    [`troupe resume ${RUN} --from IMPLEMENTATION`],
    ["troupe resume --max-cost 10", "after its limit was reached"],
  ],
  cancel: [[`troupe cancel ${RUN}`], [`troupe cancel ${RUN} -m "wrong objective"`]],
  answer: [[`troupe answer ${RUN}`, "what is asked"], [`troupe answer ${RUN} SPEC.1 yes`]],
  approve: [[`troupe approve ${RUN} PLAN --turn PLAN.1`], [`troupe approve ${RUN} PLAN -m "as discussed"`]],
  reject: [[`troupe reject ${RUN} PLAN -m "The rollback is missing"`]],
  repair: [[`troupe repair ${RUN} --dry-run`], [`troupe repair ${RUN}`]],
  status: [["troupe status"], [`troupe status ${RUN} --json | jq .status`]],
  why: [["troupe why IMPLEMENTATION"], [`troupe why IMPLEMENTATION ${RUN} --from PLAN`]],
  list: [["troupe list"], ["troupe list --json | jq -r '.runs[0].runId'", "the id of the newest run"]],
  logs: [
    ["troupe logs"],
    [`troupe logs ${RUN} IMPLEMENTATION -f`, "go on while it is written"],
    ["troupe logs --failed"],
  ],
  agents: [["troupe agents"], ["troupe agents --json | jq '.known[] | select(.installed)'"]],
  doctor: [["troupe doctor"]],
  watch: [["troupe watch"], [`troupe watch ${RUN} --json | jq -r .type`]],
  show: [["troupe show"], [`troupe show ${RUN} SPEC_REVIEW`]],
  artifacts: [
    ["troupe artifacts"],
    [`troupe artifacts ${RUN} spec.md`],
    [`troupe artifacts ${RUN} spec.md --turn SPEC.1 -o first-spec.md`],
  ],
  graph: [
    ["troupe graph"],
    ["troupe graph --run", "with the state of the newest run"],
    ["troupe graph --format mermaid", "for a README or an issue"],
    ["troupe graph --format dot | dot -Tsvg > graph.svg"],
  ],
  report: [
    ["troupe report"],
    ["troupe report --format html -o report.html"],
    ["troupe report --format junit -o troupe.xml"],
    [`troupe report ${RUN} --format json | jq .figures`],
  ],
  validate: [
    ["troupe validate objective.md"],
    ["troupe validate --format github", "annotations in a workflow of GitHub Actions"],
    ["troupe validate --format sarif > troupe.sarif", "for code scanning and editors"],
  ],
  schema: [
    ["troupe schema --write"],
    ["troupe schema project > troupe.schema.json"],
    ["troupe schema output-status", "what troupe status --json prints"],
    ["troupe schema output-events", "a line of run --json, resume --json and watch --json"],
  ],
  import: [
    ["troupe import . --dry-run"],
    ["troupe import .teambot/login-page"],
    ["troupe resume --plan", "what would be kept, and what would run"],
  ],
  init: [["troupe init"], ["troupe init --yes --agent codex"], ["troupe init --dry-run --yes"]],
  notify: [
    ["troupe notify", "who would be told of what, and what is missing"],
    ["troupe notify --test", "send a test notification by each"],
    ["troupe notify --test slack --json | jq .hooks"],
  ],
  clean: [["troupe clean --dry-run"], ["troupe clean --older-than 30d --keep 10"], [`troupe clean ${RUN}`]],
  config: [["troupe config"], ["troupe config limits --json"]],
  completion: [
    ["source <(troupe completion bash)", "in ~/.bashrc"],
    ["source <(troupe completion zsh)", "in ~/.zshrc, behind compinit"],
    ["troupe completion fish | source", "in ~/.config/fish/config.fish"],
    ["troupe completion powershell | Out-String | Invoke-Expression", "in $PROFILE"],
  ],
};

/** Examples go before everything else, and a mistake names the help of its command. */
export function addExamples(program: Command): void {
  for (const command of program.commands) {
    const name = command.name();
    command.showHelpAfterError(`Help: troupe ${name} --help`);
    const examples = EXAMPLES[name] ?? [];
    if (examples.length > 0) command.addHelpText("before", `Examples:\n${inColumns(examples)}`);
  }
}

function inColumns(examples: readonly Example[]): string {
  const width = Math.max(...examples.flatMap(([command, why]) => (why === undefined ? [] : [command.length])), 0);
  return examples
    .map(([command, why]) => (why === undefined ? `  ${command}\n` : `  ${command.padEnd(width)}   ${why}\n`))
    .join("");
}
