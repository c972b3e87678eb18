import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describeCommands } from "@troupe/cli";
import { writeApiPages } from "./api-pages.js";
import { commandPage } from "./command-page.js";
import { decisionPage, readDecisions } from "./decision-page.js";
import { filePages } from "./file-pages.js";
import { GENERATED, PAGES } from "./repository.js";
import { repositoryPages, repositoryPageText } from "./repository-pages.js";

/** Writes every page that comes from the source; `--no-api` leaves out what takes long. */
async function generate(args: readonly string[]): Promise<void> {
  await Promise.all(GENERATED.map((folder) => rm(join(PAGES, folder), { recursive: true, force: true })));
  await writePage("reference/command-line.md", commandPage(describeCommands()));
  for (const { page, text } of filePages()) await writePage(page, text);
  for (const page of repositoryPages()) await writePage(page.page, repositoryPageText(page));
  await writePage("project/decisions.md", decisionPage(readDecisions()));
  if (!args.includes("--no-api")) await writeApiPages();
}

async function writePage(page: string, text: string): Promise<void> {
  const path = join(PAGES, page);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

await generate(process.argv.slice(2));
