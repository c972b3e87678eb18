import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";
import { OUTPUT_NAMES } from "../src/output-names.js";

/** The folder of the schemas that are shipped. */
export const SCHEMA_FOLDER: string = fileURLToPath(new URL("../schemas", import.meta.url));

interface Schema {
  readonly [key: string]: unknown;
}

/**
 * JSON Schemas of all outputs, by the names of their files, made of the types in `command-outputs.ts`. `strict`: as the
 * output is today, without fields of a later version.
 */
export function makeOutputSchemas(how: { readonly strict: boolean } = { strict: false }): ReadonlyMap<string, string> {
  const generator = createGenerator({
    path: fileURLToPath(new URL("../src/command-outputs.ts", import.meta.url)),
    tsconfig: fileURLToPath(new URL("../tsconfig.test.json", import.meta.url)),
    type: "CommandOutputs",
    skipTypeCheck: true, // the compiler does that elsewhere
    additionalProperties: !how.strict, // fields may be added
    topRef: false,
    sortProps: true,
  });
  const { definitions = {}, properties = {} } = generator.createSchema("CommandOutputs");
  return new Map(
    OUTPUT_NAMES.map((name) => {
      const schema: Schema = {
        $schema: "http://json-schema.org/draft-07/schema#",
        title: `troupe: output-${name}`,
        ...asSchema(properties[name]),
        definitions: usedBy(properties[name], definitions),
      };
      return [`output-${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`];
    }),
  );
}

function asSchema(value: unknown): Schema {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** The definitions that a schema needs, and no others. */
function usedBy(root: unknown, definitions: Schema): Schema {
  const used = new Map<string, unknown>();
  const open = [root];
  for (const one of open) {
    for (const [, encoded = ""] of JSON.stringify(one ?? null).matchAll(/"#\/definitions\/([^"]+)"/g)) {
      const name = decodeURIComponent(encoded);
      if (used.has(name)) continue;
      used.set(name, definitions[name]);
      open.push(definitions[name]);
    }
  }
  return Object.fromEntries([...used].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
