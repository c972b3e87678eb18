import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeOutputSchemas, SCHEMA_FOLDER } from "./output-schemas.js";

await mkdir(SCHEMA_FOLDER, { recursive: true });
for (const [name, text] of makeOutputSchemas()) await writeFile(join(SCHEMA_FOLDER, name), text);
