import { DEFAULT_WORKFLOW_YAML } from "@troupe/config";
import type { Setup } from "./setup.js";

/** The project file, with a word on each thing that most people want to change. */
export function projectFileText(setup: Setup): string {
  return `# yaml-language-server: $schema=.troupe/schemas/project.schema.json
# How Troupe works in this project. \`troupe validate\` finds mistakes, \`troupe doctor\` what is missing.

${agentsText(setup)}
${checksText(setup)}
# A run stops at its limits, and goes on with \`troupe resume\` and a higher one.
# limits: { duration: 8h, cost: 20 }
`;
}

function agentsText({ agent, isInstalled, access }: Setup): string {
  const plugin = access === null ? agent : `{ plugin: ${agent}, access: ${access} }`;
  const missing = isInstalled
    ? ""
    : "# No agent was found when this was written; `troupe agents` says how to install one.\n";
  const may =
    access === null
      ? "# It changes files and runs commands without asking; less: default: { plugin: NAME, access: edit }, or ask, readOnly.\n"
      : "# access is what it may do without asking: readOnly, ask, edit or full.\n";
  return `${missing}# Who does the work: default performs every agent id of the workflow that has no line of its own.
${may}agents:
  default: ${plugin}
  # reviewer: NAME
`;
}

function checksText({ check, checkSource }: Setup): string {
  const about = "# What decides in the end: the acceptance stage runs these, and each must exit with 0";
  if (check === null) return `${about}.\n# checks:\n#   - npm test\n`;
  return `${about}${checkSource === null ? "" : ` (${checkSource})`}.\nchecks:\n  - ${yamlText(check)}\n`;
}

/** A plain scalar where it cannot be misread, else a quoted one: JSON strings are YAML. */
function yamlText(text: string): string {
  return /^[A-Za-z][\w ./-]*$/.test(text) && text.trim() === text ? text : JSON.stringify(text);
}

export const STARTER_WORKFLOW: string = DEFAULT_WORKFLOW_YAML;

/** A real objective, small enough to try Troupe with, that says of each of its parts what it is for. */
export const STARTER_OBJECTIVE: string = `# Objective: Say how this project is built and tested

> This is a sample that works as it is, and does little. Write your own over it, these notes too: the title says in one
> line what will be different. Everything in this file reaches the agents.

## Goals

> What is to be achieved, one point each.

- README.md has a section "Development": how to build, run and test the project, with commands that can be copied

## Success Criteria

> How one sees that it is done. Reviewers and the acceptance stage hold the work against these points, one by one.

- [ ] Each command of the section was run, and does what the section says
- [ ] Somebody who has never seen the project gets from a fresh clone to its tests with this section alone

## Constraints

> What must stay as it is.

- No code, dependency or configuration is changed

## Context

> What the agents cannot know from the files: reasons, decisions, where to look.

- The section is for people who want to contribute
`;

/** Lines that make git see nothing of the state; any of them is enough. */
const IGNORING = /^\/?\.troupe\/?\*{0,2}$/m;

/** The text of \`.gitignore\` with the state folder in it; null = it is there already. */
export function withIgnoredState(gitignore: string): string | null {
  if (IGNORING.test(gitignore.replaceAll("\r\n", "\n"))) return null;
  const separator = gitignore === "" || gitignore.endsWith("\n") ? "" : "\n";
  return `${gitignore}${separator}/.troupe/\n`;
}
