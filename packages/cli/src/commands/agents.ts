import { sanitizeLine } from "@troupe/core";
import type { CommandContext } from "../command-context.js";
import { type ConfiguredReport, describeFound, type KnownReport, surveyAgents } from "../plugins/agent-survey.js";
import { printJson } from "../print/print-json.js";

/** Shows the agents of the project file and the known programs; calls no model. Exit code 6 when one cannot work. */
export async function agentsCommand(context: CommandContext): Promise<number> {
  const { agents, known, endWith } = await surveyAgents(context);
  const ok = agents.every((agent) => agent.ok);
  if (context.options.json === true) printJson(context, "agents", { version: 1, ok, agents, known });
  else context.print(`${[...configuredLines(agents), "", ...knownLines(known)].join("\n")}\n`);
  return endWith(ok ? 0 : 6);
}

function configuredLines(agents: readonly ConfiguredReport[]): readonly string[] {
  if (agents.length === 0) {
    return ["No agent is configured. Write into troupe.yaml, for example:", "  agents: { default: claude }"];
  }
  const width = Math.max(...agents.map(({ id }) => id.length));
  return [
    "Configured:",
    ...agents.flatMap((agent) => {
      const { id, plugin, persona, model, access, file, line, ok, hint } = agent;
      const told = [
        plugin,
        ...(persona === null ? [] : [`persona ${persona}`]),
        ...(model === null ? [] : [`model ${model}`]),
        `access ${access}`,
      ];
      const indent = " ".repeat(width + 4);
      const found = sanitizeLine(`${ok ? "" : "PROBLEM: "}${describeFound(agent)}`);
      return [
        `  ${id.padEnd(width)}  ${sanitizeLine(told.join(", "))} (${sanitizeLine(file)}:${line})`,
        `${indent}${found}`,
        ...(hint ?? "").split("\n").flatMap((next) => (next === "" ? [] : [`${indent}${sanitizeLine(next)}`])),
      ];
    }),
  ];
}

function knownLines(known: readonly KnownReport[]): readonly string[] {
  const width = Math.max(...known.map(({ name }) => name.length));
  return [
    "Known, for `agents:` in troupe.yaml or --agent all=NAME:",
    ...known.map((one) => {
      const { name, installed, login, hint } = one;
      const next = hint === null || (installed && login !== "out") ? "" : `. ${hint}`;
      return `  ${name.padEnd(width)}  ${sanitizeLine(`${describeFound(one)}${next}`)}`;
    }),
  ];
}
