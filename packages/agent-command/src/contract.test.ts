import { agentCases } from "@troupe/conformance";
import { describe, test } from "vitest";
import { createTurn, parseOptions } from "../test/agent-turn.js";
import { fakeProgram } from "../test/fake-program.js";
import { CLAUDE } from "../test/streams.js";
import plugin from "./index.js";

const LONG = "long";
const answer = `case "$(cat "$HERE/stdin")" in ${LONG}) head -n 1 "$HERE/stream.jsonl"; exec sleep 1000;; esac`;
const gone = `case "$*" in *--resume*) echo "No conversation found with session ID: x" >&2; exit 1;; esac`;

describe("the contract of an agent is kept by", () => {
  test.each(agentCases)("any command: $name", async ({ run }) => {
    const { host, request } = await createTurn();
    const command = ["sh", "-c", `echo working; [ "$(cat)" != ${LONG} ] || exec sleep 1000`];
    const agent = await plugin.create(await parseOptions(plugin.options, { command }), host);
    await run({ agent, request, longRequest: { ...request, prompt: LONG } });
  });

  test.each(agentCases)("a preset: $name", async ({ run }) => {
    const turn = await createTurn();
    const fake = await fakeProgram(turn, "claude", CLAUDE, `${answer}\n${gone}\ncat "$HERE/stream.jsonl"`);
    const agent = await plugin.create(
      await parseOptions(plugin.options, { preset: "claude", env: fake.env }),
      turn.host,
    );
    await run({ agent, request: turn.request, longRequest: { ...turn.request, prompt: LONG } });
  });
});
