import { sanitizeLine, sanitizeText } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import {
  type AgentSurvey,
  type ConfiguredReport,
  describeFound,
  type KnownReport,
  surveyAgents,
} from "../plugins/agent-survey.js";
import { printJson } from "../print/print-json.js";
import { checkEnvironment, type DoctorCheck } from "../upkeep/doctor-checks.js";

/**
 * Looks at all that a run needs and says what to type for each problem; changes nothing and calls no model. Exit code
 * 6 when something that is needed is missing.
 */
export async function doctorCommand(context: CommandContext): Promise<number> {
  const [checks, { endWith, ...survey }] = await Promise.all([checkEnvironment(context), surveyAgents(context)]);
  const ok = checks.every(({ status }) => status !== "problem") && survey.agents.every((agent) => agent.ok);
  if (context.options.json === true) printJson(context, "doctor", { version: 1, ok, checks, ...survey });
  else context.print(context.place(render(checks, survey, ok)));
  return endWith(ok ? 0 : 6);
}

function render(checks: readonly DoctorCheck[], { agents, known }: AgentSurvey, ok: boolean): string {
  const all = [...checks, ...agents.map(checkOf)];
  const width = Math.max(...all.map(({ id }) => id.length));
  const indent = " ".repeat(9 + width + 2);
  const lines = all.flatMap(({ id, status, message, hint }) => [
    `${status.padEnd(9)}${id.padEnd(width)}  ${oneLine(message)}`,
    ...(hint ?? "").split("\n").flatMap((line) => (line === "" ? [] : [`${indent}${sanitizeText(line)}`])),
  ]);
  lines.push(...(agents.length === 0 && !known.some(({ installed }) => installed) ? NONE : othersLines(known)));
  const problems = all.filter(({ status }) => status === "problem").length;
  const end = ok ? "All that is needed is here." : `${problems === 1 ? "1 problem" : `${problems} problems`}.`;
  return `${[...lines, "", end].join("\n")}\n`;
}

const NONE: readonly string[] = ["", "None of the known agents is installed.", "  How to install each: troupe agents"];

function othersLines(known: readonly KnownReport[]): readonly string[] {
  const others = known.filter(({ installed, configured }) => installed && !configured);
  const [first] = others;
  if (first === undefined) return [];
  const best = others.find(({ login }) => login !== "out");
  const next = best === undefined ? first.hint : `Try one: troupe run objective.md --agent all=${best.name}`;
  const found = others.map((one) => `  ${one.name}: ${oneLine(describeFound(one))}`);
  return ["", "Installed and not configured:", ...found, `  ${next}`];
}

function checkOf(agent: ConfiguredReport): DoctorCheck {
  const { id, plugin, ok, hint } = agent;
  const message = `${plugin}: ${describeFound(agent)}`;
  // one that can work and has advice all the same: a slow start
  const status = !ok ? "problem" : hint === null ? "ok" : "warning";
  return { id: `agent ${id}`, status, message, hint };
}

function oneLine(text: string): string {
  return sanitizeLine(text.replaceAll("\n", "; "));
}
