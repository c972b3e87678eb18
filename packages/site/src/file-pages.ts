import { jsonSchema } from "@troupe/config";
import { schemaPage } from "./schema-page.js";
import type { SchemaNode } from "./schema-type.js";

interface FilePage {
  readonly page: string;
  readonly text: string;
}

const GENERAL = `Written from the JSON Schema that the parser validates with; \`troupe schema --write\` puts it where editors find it. A key that is not in this list is an error,
and \`null\` is as good as not given. A *duration* is a text like \`"90s"\`, \`"15m"\` or \`"1h30m"\`; an *id* has letters, digits, \`.\`, \`_\` and \`-\`, at most 64 of them.`;

/** The references of the files that a person writes. */
export function filePages(): readonly FilePage[] {
  const workflow = schemaPage(schemaOf("workflow"), {
    title: "Workflow file",
    mainKey: "stages",
    introduction: `\`stages.yaml\`, or the file that \`workflow\` of \`troupe.yaml\` or \`--workflow\` names. What the keys do in a run: [Concepts](../concepts.md).\n\n${GENERAL}`,
  });
  const project = schemaPage(schemaOf("project"), {
    title: "Project file",
    introduction: `\`troupe.yaml\`: who does the work, with which plugins, within which limits. It may be missing. Flags go before environment variables, these before this file, this before the defaults.\n\n${GENERAL}`,
  });
  const objective = schemaPage(schemaOf("objective"), {
    title: "Objective",
    introduction: `A markdown file. Its title is the first heading; sections are found by heading or by a bold label at the start of a paragraph: Goals, Success Criteria, Constraints, Context, Problem Statement,
Summary, Scope. Other sections reach the agents too. Front matter between two lines of \`---\` may hold the keys below.\n\n${GENERAL}`,
  });
  return [
    { page: "reference/workflow-file.md", text: workflow },
    { page: "reference/project-file.md", text: project },
    { page: "reference/objective.md", text: objective },
  ];
}

/** Schemas come as data of no declared shape; this is where they get one. */
function schemaOf(name: "workflow" | "project" | "objective"): SchemaNode {
  return jsonSchema(name) as SchemaNode;
}
