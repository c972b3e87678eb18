import * as z from "zod";
import { frontMatterSchema } from "./front-matter-schema.js";
import { projectSchema } from "./project-schema.js";
import { workflowSchema } from "./workflow-schema.js";

/** The files that have a JSON Schema: `stages.yaml`, `troupe.yaml`, and the front matter of an objective. */
export const SCHEMA_NAMES: readonly ["workflow", "project", "objective"] = ["workflow", "project", "objective"];
/** The files that have a JSON Schema. */
export type SchemaName = (typeof SCHEMA_NAMES)[number];

const SOURCES: Readonly<Record<SchemaName, { readonly schema: z.ZodType; readonly title: string }>> = {
  workflow: { schema: workflowSchema, title: "Troupe workflow (stages.yaml)" },
  project: { schema: projectSchema, title: "Troupe project file (troupe.yaml)" },
  objective: { schema: frontMatterSchema, title: "Front matter of a Troupe objective" },
};

/**
 * The JSON Schema (draft 2020-12) that editors complete and explain a file with. It comes from what the parsers validate
 * with and accepts what they accept, but for what lies beyond a schema: what names refer to, and how long a duration is.
 */
export function jsonSchema(name: SchemaName): Readonly<Record<string, unknown>> {
  const { schema, title } = SOURCES[name];
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema: node }) => simplify(node),
  });
  return { $schema, title, ...rest };
}

/** The same schema as the text of a file. */
export function jsonSchemaText(name: SchemaName): string {
  return `${JSON.stringify(jsonSchema(name), null, 2)}\n`;
}

/** Editors offer more for one type with null than for a choice of two. */
function simplify(node: z.core.JSONSchema.BaseSchema): void {
  if (node.propertyNames !== undefined) delete node.propertyNames; // every key of YAML is read as a text
  const [own, none, ...more] = node.anyOf ?? [];
  if (own === undefined || typeof own.type !== "string" || more.length > 0 || none?.type !== "null") return;
  delete node.anyOf;
  const { const: only, enum: values = only === undefined ? undefined : [only], ...rest } = own;
  Object.assign(node, { ...rest, ...node, type: [own.type, "null"] });
  if (values !== undefined) Object.assign(node, { enum: [...values, null] });
}
