import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { jsonSchemaText, type SchemaName } from "@troupe/config";
import type { CliHost } from "../cli-host.js";
import { findCwd, type GlobalOptions } from "../command-context.js";
import type { CommandOutputs } from "../command-outputs.js";
import { packageFolder } from "../package-folder.js";
import { findProject } from "../project/project.js";
import { writeSchemas } from "../write-schemas.js";

export interface SchemaOptions extends GlobalOptions {
  /** Into the project's `.troupe/schemas`, where the first line of a workflow or project file points. */
  readonly write?: boolean;
}

/** The schema of what a command prints with `--json`. */
type OutputSchemaName = `output-${keyof CommandOutputs}`;

/**
 * Prints the JSON Schema of a file that a person writes or of what a command prints with `--json`, or writes those of
 * files where editors look for them.
 */
export async function schemaCommand(
  host: CliHost,
  options: SchemaOptions,
  name: SchemaName | OutputSchemaName,
): Promise<number> {
  if (options.write !== true) {
    host.stdout.write(isOutput(name) ? await outputSchema(name) : jsonSchemaText(name));
    return 0;
  }
  const cwd = findCwd(host, options);
  const { folder, stateFolder } = findProject(cwd, options.config);
  const written = await writeSchemas(stateFolder);
  host.stdout.write(written.map((path) => `${relative(folder, path)}\n`).join(""));
  return 0;
}

function isOutput(name: SchemaName | OutputSchemaName): name is OutputSchemaName {
  return name.startsWith("output-");
}

/** They are files of this package, beside `src` and `dist`. */
async function outputSchema(name: OutputSchemaName): Promise<string> {
  return await readFile(join(packageFolder(), "schemas", `${name}.schema.json`), "utf8");
}
