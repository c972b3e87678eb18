import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AgentRequest, TroupeError } from "@troupe/core";

/** Private files of one turn, for what a program takes only from a file. */
export interface TurnFiles {
  readonly promptFile: string | null;
  readonly schemaFile: string | null;
  readonly toolsFile: string | null;
  remove(): Promise<void>;
}

type Content = "prompt" | "schema" | "tools";
const ENDINGS = { prompt: "md", schema: "schema.json", tools: "mcp.json" } as const;

/** Where such a file of a turn lies. */
export function turnFilePath(stateFolder: string, { runId, turn }: AgentRequest, content: Content): string {
  return join(stateFolder, "prompts", `${runId}.${turn}.${ENDINGS[content]}`);
}

/** Null = not needed as a file. Rejects `STORE_FAILED`. */
export async function writeTurnFiles(
  stateFolder: string,
  request: AgentRequest,
  contents: Readonly<Record<Content, string | null>>,
): Promise<TurnFiles> {
  const folder = join(stateFolder, "prompts");
  const files: string[] = [];
  const write = async (content: Content): Promise<string | null> => {
    const text = contents[content];
    if (text === null) return null;
    const file = turnFilePath(stateFolder, request, content);
    files.push(file);
    // never into a file that an earlier turn left with other rights, and never through a link
    await rm(file, { force: true });
    await writeFile(file, text, { mode: 0o600, flag: "wx" });
    return file;
  };
  const remove = async (): Promise<void> => void (await Promise.all(files.map((file) => rm(file, { force: true }))));
  try {
    if (Object.values(contents).some((text) => text !== null)) await mkdir(folder, { recursive: true, mode: 0o700 });
    const promptFile = await write("prompt");
    const schemaFile = await write("schema");
    return { promptFile, schemaFile, toolsFile: await write("tools"), remove };
  } catch (error) {
    await remove().catch(() => {}); // the error of the write is the one to report
    throw new TroupeError("STORE_FAILED", `the prompt of turn ${request.turn} could not be written to ${folder}`, {
      hint: `Look at the folder: ls -ld '${folder}'; df -h '${stateFolder}'`,
      cause: error,
    });
  }
}
