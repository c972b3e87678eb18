import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages } from "./api-pages.js";
import { ROOT } from "./repository.js";

/** A document that lies elsewhere in the repository and is a page of the site too. */
export interface RepositoryPage {
  /** Path from the root of the repository. */
  readonly source: string;
  /** Path below `docs/`. */
  readonly page: string;
}

const PROJECT: readonly RepositoryPage[] = [
  { source: "ARCHITECTURE.md", page: "project/architecture.md" },
  { source: "CONTRIBUTING.md", page: "project/contributing.md" },
];

/** Documents beside the code: how the house is built, and the README of each published package. */
export function repositoryPages(): readonly RepositoryPage[] {
  const packages = publishedPackages().map((folder) => ({
    source: `packages/${folder}/README.md`,
    page: `reference/packages/${folder}.md`,
  }));
  return [...PROJECT, ...packages];
}

/** The page's text. Its links stay as they are: they are read from where the source lies (see `page-links.ts`). */
export function repositoryPageText({ source }: RepositoryPage): string {
  return `---\nsource: ${source}\n---\n\n${readFileSync(join(ROOT, source), "utf8")}`;
}
