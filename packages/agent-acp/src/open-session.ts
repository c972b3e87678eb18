import { methods, RequestError } from "@agentclientprotocol/sdk";
import { type AgentRequest, type McpServer, TroupeError } from "@troupe/core";
import type { Ask } from "./exchange.js";
import { isLoginMissing } from "./failures.js";
import { type AgentProfile, readProfile, readSession, type SessionOffer } from "./read-wire.js";

export interface OpenedSession {
  readonly id: string;
  readonly offer: SessionOffer;
  /** False = it begins here. */
  readonly isContinued: boolean;
}

/** Neither files nor terminals are offered: the agent works in its folder by itself. */
export async function introduce(ask: Ask): Promise<AgentProfile> {
  return readProfile(
    await ask(methods.agent.initialize, {
      protocolVersion: 1,
      clientCapabilities: {
        fs: { readTextFile: false, writeTextFile: false },
        terminal: false,
        session: { notices: {} },
      },
      clientInfo: { name: "troupe", title: "Troupe", version: "1" },
    }),
  );
}

export interface SessionRequest {
  readonly ask: Ask;
  readonly profile: AgentProfile;
  readonly request: Pick<AgentRequest, "cwd" | "session" | "tools">;
  readonly note: (line: string) => void;
}

/** Goes on with the session of the request if the agent can, else begins a new one. */
export async function openSession({ ask, profile, request, note }: SessionRequest): Promise<OpenedSession> {
  const { cwd, session, tools = [] } = request;
  if (tools.length > 0 && !profile.takesHttpTools) note("the agent takes no tools over http: it works without them");
  const place = { cwd, mcpServers: profile.takesHttpTools ? tools.map(describeServer) : [] };
  if (session !== undefined) {
    const method = wayBack(profile);
    if (method === null) note("the agent cannot go on with a session: a new one begins");
    else {
      try {
        const offer = readSession(await ask(method, { sessionId: session, ...place }));
        return { id: session, offer, isContinued: true };
      } catch (error) {
        if (!(error instanceof RequestError) || isLoginMissing(error)) throw error;
        note(`the session ${session} cannot be gone on with (${error.message}): a new one begins`);
      }
    }
  }
  const offer = readSession(await ask(methods.agent.session.new, place));
  if (offer.id !== null) return { id: offer.id, offer, isContinued: false };
  throw new TroupeError("AGENT_FAILED", "the agent began a session without a name");
}

/** Taking up a session is silent; loading it tells all of its history again. */
function wayBack({ canResume, canLoad }: AgentProfile): string | null {
  if (canResume) return methods.agent.session.resume;
  return canLoad ? methods.agent.session.load : null;
}

function describeServer({ name, url, headers }: McpServer): object {
  return { type: "http", name, url, headers: Object.entries(headers).map(([key, value]) => ({ name: key, value })) };
}
