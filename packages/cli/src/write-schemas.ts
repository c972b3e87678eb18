import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonSchemaText, SCHEMA_NAMES } from "@troupe/config";
import { TroupeError } from "@troupe/core";

/** Writes every schema below the state folder, over older ones. Returns the paths. Rejects `STORE_FAILED`. */
export async function writeSchemas(stateFolder: string): Promise<readonly string[]> {
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
