import { access, mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { jsonSchemaText, SCHEMA_NAMES, type SchemaName } from "@troupe/config";
import { TroupeError } from "@troupe/core";
import type { CliHost } from "../cli-host.js";
import { findCwd, type GlobalOptions } from "../command-context.js";
import { findProject } from "../project.js";

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

/** Writes every schema below the state folder, over older ones. Returns the paths. Rejects `STORE_FAILED`. */
async function writeSchemas(stateFolder: string): Promise<readonly string[]> {
  const folder = join(stateFolder, "schemas");
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await ignoreFolder(stateFolder);
    const paths = SCHEMA_NAMES.map((name) => ({ name, path: join(folder, `${name}.schema.json`) }));
    for (const { name, path } of paths) await writeFile(path, jsonSchemaText(name));
    return paths.map(({ path }) => path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TroupeError("STORE_FAILED", `cannot write the schemas: ${reason}`, {
      hint: "Print one instead, to a place of your own: troupe schema workflow > workflow.schema.json",
      cause: error,
    });
  }
}

/** As the store does it: nothing of `.troupe` belongs into a repository. */
async function ignoreFolder(stateFolder: string): Promise<void> {
  const path = join(stateFolder, ".gitignore");
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeFile(path, "*\n");
}
