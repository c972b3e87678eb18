import { agentCases } from "@troupe/conformance";
import type { AgentRunner } from "@troupe/core";
import { describe, test } from "vitest";
import { createTurn, parseOptions } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import { CLAUDE } from "../test/streams.js";
import plugin from "./index.js";

const LONG = "long";
const answer = `case "$(cat "$HERE/stdin")" in ${LONG}) head -n 1 "$HERE/stream.jsonl"; exec sleep 1000;; esac`;
const gone = `case "$*" in *--resume*) echo "No conversation found with session ID: x" >&2; exit 1;; esac`;

let turns = 0;

/** Each turn has a marker of its own, as in a run: a turn ends whatever carries its marker. */
function withOwnMarker({ run, ...agent }: AgentRunner): AgentRunner {
  return {
    ...agent,
    run: (request, context) => {
      turns += 1;
      const env = { ...request.env, TROUPE_TURN: `contract-${process.pid}/1/PLAN.${turns}` };
      return run({ ...request, turn: `PLAN.${turns}`, env }, context);
    },
  };
}

describe("the contract of an agent is kept by", () => {
  test.each(agentCases)("any command: $name", async ({ run }) => {
    const { host, request } = await createTurn();
    const command = ["sh", "-c", `echo working; [ "$(cat)" != ${LONG} ] || exec sleep 1000`];
    const agent = await plugin.create(await parseOptions(plugin.options, { command }), host);
    await run({ agent: withOwnMarker(agent), request, longRequest: { ...request, prompt: LONG } });
  });

  test.each(agentCases)("a preset: $name", async ({ run }) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "claude", CLAUDE, `${answer}\n${gone}\ncat "$HERE/stream.jsonl"`);
    const agent = await plugin.create(
      await parseOptions(plugin.options, { preset: "claude", env: fake.env }),
      turn.host,
    );
    await run({ agent: withOwnMarker(agent), request: turn.request, longRequest: { ...turn.request, prompt: LONG } });
  });
});
