import { relative } from "node:path";
import { jsonSchemaText, type SchemaName } from "@troupe/config";
import type { CliHost } from "../cli-host.js";
import { findCwd, type GlobalOptions } from "../command-context.js";
import { findProject } from "../project.js";
import { writeSchemas } from "../write-schemas.js";

export interface SchemaOptions extends GlobalOptions {
  /** Into the project's `.troupe/schemas`, where the first line of a workflow or project file points. */
  readonly write?: boolean;
}

/** Prints the JSON Schema of a file that a person writes, or writes all of them where editors look for them. */
export async function schemaCommand(host: CliHost, options: SchemaOptions, name: SchemaName): Promise<number> {
  if (options.write !== true) {
    host.stdout.write(jsonSchemaText(name));
    return 0;
  }
  const cwd = await findCwd(host, options);
  const { folder, stateFolder } = await findProject(cwd, options.config);
  const written = await writeSchemas(stateFolder);
  host.stdout.write(written.map((path) => `${relative(folder, path)}\n`).join(""));
  return 0;
}
