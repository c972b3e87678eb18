import { expect, test } from "vitest";
import { createCli } from "../../test/cli-harness.js";

test("help of run names every flag", async () => {
  const cli = await createCli();
  expect(await cli.shown("run", "--help")).toMatchInlineSnapshot(`
    "exit 0
    --- stdout
    Examples:
      troupe run objective.md
      troupe run -m "Add a --json flag" --max-cost 5 --max-duration 2h
      troupe run objective.md --dry-run              what it would start, and how large its prompts would be
      troupe run objective.md --until PLAN_REVIEW    look at the plan first, then: troupe resume
      troupe run objective.md --record tape.jsonl    to play it later with --agent all=replay:tape.jsonl
      troupe run objective.md --json | jq -r .type   one event a line

    Usage: troupe run [options] [objective]

    perform the workflow on an objective

    Arguments:
      objective                   a markdown file, or - for standard input

    Options:
      -m, --message <text>        the objective as text, without a file
      --workflow <file>           workflow file; default: troupe.yaml, then
                                  ./stages.yaml, then the built-in one
      --max-duration <time>       limit of active time, such as 90m or 8h
      --max-cost <usd>            limit of what the agents cost, in US dollars, such
                                  as 5 or 2.50
      --max-tokens <n>            limit of tokens, such as 500k or 2M
      --max-wait <time>           longest wait for an agent's rate or usage limit,
                                  such as 6h
      --concurrency <n>           turns at the same time
      --skip <stage>              leave out an optional stage (repeat for more)
                                  (default: [])
      --input <name=value>        value of a declared input (repeat for more)
                                  (default: [])
      --check <command>           a command that must succeed in acceptance stages
                                  (repeat for more) (default: [])
      --agent <id=plugin>         who performs an agent's turns; all=replay:FILE
                                  plays a cassette (default: [])
      --until <stage>             stop when this stage is done; what it needs runs,
                                  nothing else
      --record <file>             write what the agents do as a cassette, for
                                  --agent all=replay:FILE
      --dry-run                   show order, agents, commands, plugins and sizes of
                                  prompts; nothing is started
      --new                       start although an unfinished run of the same
                                  objective exists
      --share-tree                start although another run may change the same
                                  working tree
      --ignore-missing-templates  go on without prompt templates that do not exist
      -h, --help                  display help for command

    Global Options:
      -V, --version               output the version number
      --cwd <dir>                 work as if started there
      --config <file>             project file instead of the nearest troupe.yaml
      --json                      machine-readable output; for run and resume one
                                  JSON object per event
      --plain                     one line per event instead of the live view
      --color                     colours although the output is no terminal
      --no-color                  no colours
      -q, --quiet                 no messages beside the result
      -v, --verbose               more about errors
      --no-input                  never ask
      --yes                       answer every question with yes
    "
  `);
});
