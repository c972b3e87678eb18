// An agent of the Agent Client Protocol that plays a script: node scripted-agent.mjs SCRIPT.json [RECORD.jsonl]
// What it is asked goes to RECORD, one line each. Written on the wire format itself, not on the library under test.
import { spawn } from "node:child_process";
import { appendFileSync, closeSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const [, , scriptFile, recordFile] = process.argv;
const script = JSON.parse(readFileSync(scriptFile, "utf8"));
const { TROUPE_STAGE: stage, TROUPE_KIND: kind, TROUPE_ROUND: round } = process.env;
const waiting = new Map();
let nextId = 0;
let toolServers = [];
let isCancelled = false;
let onCancel = () => {};

const write = (text) => process.stdout.write(text);
const send = (message) => write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const update = (sessionId, body) => send({ method: "session/update", params: { sessionId, update: body } });
const text = (value) => ({ type: "text", text: value });
const record = (entry) => {
  if (recordFile !== undefined) appendFileSync(recordFile, `${JSON.stringify(entry)}\n`);
};
const ask = (method, params) => {
  const id = `agent-${nextId++}`;
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
};

const ALL_OPTIONS = [
  { optionId: "1", name: "Always", kind: "allow_always" },
  { optionId: "2", name: "Once", kind: "allow_once" },
  { optionId: "3", name: "No", kind: "reject_once" },
];

/** Calls `submit_verdict` of the first tool server that the session was given. */
async function submitVerdict(input) {
  const [{ url, headers }] = toolServers;
  const given = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
  const response = await fetch(url, {
    method: "POST",
    headers: { ...given, "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "submit_verdict", arguments: input },
    }),
  });
  record({ submitted: response.status });
}

/** Plays one step; a result ends the turn. */
const play = {
  say: (id, { say, messageId }) => update(id, { sessionUpdate: "agent_message_chunk", content: text(say), messageId }),
  thought: (id, { thought }) => update(id, { sessionUpdate: "agent_thought_chunk", content: text(thought) }),
  tool: (id, { tool }) => update(id, { sessionUpdate: "tool_call", ...tool }),
  toolUpdate: (id, { toolUpdate }) => update(id, { sessionUpdate: "tool_call_update", ...toolUpdate }),
  update: (id, step) => update(id, step.update),
  cost: (id, { cost, currency = "USD" }) =>
    update(id, { sessionUpdate: "usage_update", used: 1, size: 2, cost: { amount: cost, currency } }),
  raw: (_id, { raw }) => write(raw),
  deaf: () => closeInput(),
  stderr: (_id, step) => process.stderr.write(step.stderr),
  write: (_id, step) => writeFileSync(join(process.cwd(), step.write), step.content ?? ""),
  artifact: (_id, step) => writeFileSync(join(process.env.TROUPE_ARTIFACTS, step.artifact), step.content ?? ""),
  waitFor: async (_id, step) => {
    while (!existsSync(join(process.cwd(), step.waitFor))) await wait(10);
  },
  ask: async (sessionId, step) => {
    const { options = ALL_OPTIONS, ...toolCall } = step.ask;
    const { result } = await ask("session/request_permission", { sessionId, toolCall, options });
    record({ permission: result?.outcome ?? null });
    const chosen = options.find(({ optionId }) => optionId === result?.outcome?.optionId);
    if (step.writeIfAllowed !== undefined && chosen?.kind.startsWith("allow"))
      writeFileSync(join(process.cwd(), step.writeIfAllowed), "written\n");
    if (step.sayAnswer === true) play.say(sessionId, { say: `${result.outcome.outcome} ${result.outcome.optionId}` });
  },
  split: async (id, step) => {
    const line = `${JSON.stringify({ jsonrpc: "2.0", method: "session/update", params: { sessionId: id, update: { sessionUpdate: "agent_message_chunk", content: text(step.split) } } })}\n`;
    for (const byte of Buffer.from(line)) {
      process.stdout.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
  },
  submit: (_id, step) => submitVerdict(step.submit),
  orphan: async () => {
    const child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    child.unref();
    record({ orphan: child.pid });
  },
  dieOnce: async (id, { dieOnce, lastWords = "" }) => {
    const mark = join(process.cwd(), dieOnce);
    if (existsSync(mark)) return;
    writeFileSync(mark, "");
    process.stderr.write(lastWords);
    await play.die(id, { die: 134 });
  },
  die: async (_id, { die }) => {
    await new Promise((resolve) => process.stdout.write("", resolve));
    if (typeof die === "string") process.kill(process.pid, die);
    else process.exit(die);
    await wait(10_000);
  },
  hang: () => (isCancelled ? undefined : new Promise((resolve) => (onCancel = resolve))),
  error: (_id, { error }) => ({ error }),
  stop: (_id, { stop, tokens }) => ({ result: { stopReason: stop, ...usage(tokens) } }),
};

function usage(tokens) {
  if (tokens === undefined) return {};
  const [inputTokens, outputTokens] = tokens;
  return { usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens } };
}

async function perform(sessionId, steps) {
  for (const step of steps) {
    const [name] = Object.keys(step);
    const end = await play[name](sessionId, step);
    if (isCancelled && script.ignoreCancel !== true) return { result: { stopReason: "cancelled" } };
    if (end !== undefined && end !== true && end !== false) return end;
  }
  return { result: { stopReason: "end_turn" } };
}

function turnFor(prompt) {
  const facts = `${stage}.${kind}.${round}\n${prompt}`;
  return (script.prompts ?? []).find(({ when }) => when === undefined || new RegExp(when).test(facts))?.steps ?? [];
}

const sessionResult = () => ({ modes: script.modes, configOptions: script.configOptions, models: script.models });

const methods = {
  initialize: () => ({
    protocolVersion: 1,
    agentInfo: { name: "scripted", version: "1.2.3" },
    agentCapabilities: script.capabilities ?? {},
    authMethods: script.authMethods ?? [],
  }),
  "session/new": async () => {
    const sessionId = `session-${process.pid}`;
    for (const step of script.onNew ?? []) await play[Object.keys(step)[0]](sessionId, step);
    return script.nameless === true ? {} : { sessionId, ...sessionResult() };
  },
  "session/load": async ({ sessionId }) => {
    await perform(sessionId, script.history ?? []);
    return sessionResult();
  },
  "session/resume": async ({ sessionId }) => {
    await perform(sessionId, script.onResume ?? []);
    return sessionResult();
  },
  "session/set_mode": ({ modeId }) => {
    refuseUnless(
      script.modes?.availableModes.some(({ id }) => id === modeId),
      `Invalid mode '${modeId}'`,
    );
    return {};
  },
  "session/set_model": () => ({}),
  "session/set_config_option": ({ configId, value }) => {
    const { options } = script.configOptions?.find(({ id }) => id === configId) ?? {};
    refuseUnless(
      options?.some((choice) => choice.value === value),
      `Invalid value '${value}'`,
    );
    return { configOptions: script.configOptions ?? [] };
  },
};

/** A strict agent takes only what it offers. */
function refuseUnless(isOffered, message) {
  if (script.strict === true && isOffered !== true) throw { code: -32602, message };
}

function closeInput() {
  process.stdin.destroy(); // reads no more, but leaves it open
  closeSync(0);
  setInterval(() => {}, 1_000_000);
}

/** Its input is closed, whatever is still to come; then it dies, or stays silent. */
function turnDeaf() {
  closeInput();
  process.stderr.write(script.lastWords ?? "");
  if (script.dieAfter !== undefined) process.exit(script.dieAfter);
}

async function answer({ id, method, params }) {
  record({ method, params, stage, kind, round });
  toolServers = params?.mcpServers ?? toolServers;
  if (script.stuckAt === method) return;
  const error = script.errors?.[method];
  if (error !== undefined) return send({ id, error });
  if (method === "session/prompt")
    return send({ id, ...(await perform(params.sessionId, turnFor(params.prompt[0].text))) });
  const perform1 = methods[method];
  if (perform1 === undefined) return send({ id, error: { code: -32601, message: `no method ${method}` } });
  try {
    send({ id, result: await perform1(params) });
  } catch (refusal) {
    send({ id, error: refusal });
  }
  if (script.deafAfter === method) turnDeaf();
}

function hear(line) {
  if (line.trim() === "") return;
  const message = JSON.parse(line);
  if (message.method === "session/cancel") {
    record({ method: message.method, params: message.params });
    isCancelled = true;
    if (script.ignoreCancel !== true) onCancel();
  } else if (message.method !== undefined) void answer(message);
  else waiting.get(message.id)?.(message);
}

let pending = "";
process.stdin.setEncoding("utf8").on("data", (chunk) => {
  const lines = (pending + chunk).split("\n");
  pending = lines.pop() ?? "";
  for (const line of lines) hear(line);
});
process.stdin.on("end", () => {
  record({ ended: true });
  if (script.closeMs === undefined) process.exit(0);
  setTimeout(() => process.exit(0), script.closeMs);
});
if (script.ignoreTerm === true) process.on("SIGTERM", () => {});
write(script.banner ?? "");
if (script.dieAtStart !== undefined) {
  process.stderr.write(script.lastWords ?? "");
  process.exit(script.dieAtStart);
}
