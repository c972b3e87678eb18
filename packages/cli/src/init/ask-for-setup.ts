import { type AgentAccess, sanitizeLine } from "@troupe/core";
import { describeFound, type KnownReport } from "../plugins/agent-survey.js";
import type { Asking, Choice } from "./choices.js";
import { installedFirst, type Setup } from "./setup.js";

const ACCESSES = [
  { value: "full", label: "Change files and run commands without asking", hint: "for a container, or a copy" },
  { value: "edit", label: "Change files without asking", hint: "commands only as far as the agent allows them" },
  { value: "ask", label: "Ask me before anything but reading", hint: null },
] as const;

/** Whether an agent can be held to this. */
export type CanBeHeldTo = (agent: string, access: AgentAccess) => Promise<boolean>;

/** The three things that only the person knows, each with a proposal; null = the person leaves. */
export async function askForSetup(
  asking: Asking,
  known: readonly KnownReport[],
  proposed: Setup,
  canBeHeldTo: CanBeHeldTo,
): Promise<Setup | null> {
  const agents = installedFirst(known).map(choiceOf);
  const agent = agents.length === 0 ? proposed.agent : await asking.choose("Which agent does the work?", agents);
  if (agent === null) return null;
  const isInstalled = proposed.isInstalled || agents.length > 0;
  const possible = isInstalled ? await possibleAccesses(agent, canBeHeldTo) : [];
  const access = possible.length < 2 ? "" : await asking.choose("What may it do without asking?", possible);
  if (access === null) return null;
  const check = await asking.type("Which command tests the project, and decides in the end?", proposed.check ?? "");
  if (check === null) return null;
  const line = sanitizeLine(check);
  return {
    ...proposed,
    agent,
    isInstalled,
    access: ACCESSES.find(({ value }) => value === access)?.value ?? null,
    check: line === "" ? null : line,
    checkSource: line === proposed.check ? proposed.checkSource : null,
  };
}

async function possibleAccesses(agent: string, canBeHeldTo: CanBeHeldTo): Promise<readonly Choice[]> {
  const able = await Promise.all(
    ACCESSES.map(async ({ value }) => value === "full" || (await canBeHeldTo(agent, value))),
  );
  return ACCESSES.filter((_, index) => able[index] === true);
}

function choiceOf(report: KnownReport): Choice {
  return { value: report.name, label: report.name, hint: sanitizeLine(describeFound(report)) };
}
