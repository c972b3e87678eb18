import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { AgentRequest } from "@troupe/core";
import { agentCases } from "../agent-cases.js";
import { createCaseHost } from "./case-host.js";
import type { KitRequest, PreparedCase } from "./kit.js";
import { loadModule, parseOptions } from "./load-module.js";
import { readSkips, readSubject } from "./read-subject.js";
import type { AgentModule } from "./subjects.js";

const PROMPT = "Answer with the one word ready. Use no tools and change no files.";
const LONG_PROMPT = "Run the shell command `sleep 120`, wait until it has ended, then answer with the one word done.";

/** The cases of an agent's module. Rejects `PLUGIN_*`. */
export async function agentKit({ module, options: given }: KitRequest): Promise<readonly PreparedCase[]> {
  const { definition, subject: exported } = await loadModule("agent", module);
  const subject = readSubject<AgentModule>(module, exported, {
    request: "object",
    longRequest: "object",
    skip: "object",
  });
  const options = await parseOptions(definition, given);
  const skips = readSkips(module, subject.skip, agentCases);
  return agentCases.map(({ name, rule, run }) => ({
    name,
    rule,
    skip: skips[name] ?? null,
    async run() {
      const place = await createCaseHost();
      const request = await createRequest(place.host.stateFolder);
      const agent = await definition.create(options, place.host);
      try {
        await run({
          agent,
          request: { ...request, ...subject.request },
          longRequest: { ...request, prompt: LONG_PROMPT, ...subject.longRequest },
        });
      } finally {
        await agent.close?.();
        await place.remove();
      }
    },
  }));
}

async function createRequest(stateFolder: string): Promise<AgentRequest> {
  const [cwd, artifactsFolder] = [join(stateFolder, "tree"), join(stateFolder, "artifacts")];
  await mkdir(cwd, { recursive: true });
  await mkdir(artifactsFolder);
  const variables = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    runId: "conformance",
    turn: "WORK.1",
    stage: "WORK",
    kind: "work",
    round: 1,
    agent: "conformance",
    prompt: PROMPT,
    cwd,
    artifactsFolder,
    env: Object.fromEntries(variables),
    access: "full",
    timeoutMs: null,
    idleTimeoutMs: null,
  };
}
