import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { GENERATED, ROOT, repositoryAddress } from "./repository.js";
import { repositoryPages } from "./repository-pages.js";

/** Says of a link of a document where it leads on the site. */
export type ResolveLink = (link: string, source: string) => string;

/**
 * Documents link to each other and to files as they lie in the repository, so that they can be followed there. On the
 * site a link to a document that is a page becomes a link to that page, any other file is shown in the repository. A link
 * to what does not exist is an error.
 */
export function createLinkResolver(): ResolveLink {
  const pages = new Map(repositoryPages().map(({ source, page }) => [source, page]));
  const address = repositoryAddress();
  return (link, source) => {
    if (/^(?:[a-z][a-z0-9+.-]*:|#|\/)/i.test(link)) return link;
    const [path = "", ...anchor] = link.split("#");
    const hash = anchor.length === 0 ? "" : `#${anchor.join("#")}`;
    const target = posix.normalize(posix.join(posix.dirname(source), decodeURI(path))).replace(/\/$/, "");
    const page = pageOf(target, pages) ?? pageOf(`${target}/README.md`, pages);
    if (page !== null) return `/${page}${hash}`;
    const found = existsSync(join(ROOT, target)) && !target.startsWith("..");
    if (!found) throw new Error(`${source}: ${link} leads to nothing`);
    return `${address}/${statSync(join(ROOT, target)).isDirectory() ? "tree" : "blob"}/main/${target}${hash}`;
  };
}

function pageOf(target: string, pages: ReadonlyMap<string, string>): string | null {
  const own = /^docs\/(.+\.md)$/.exec(target)?.[1];
  if (own === undefined) return pages.get(target) ?? null;
  const isGenerated = GENERATED.some((folder) => own.startsWith(`${folder}/`));
  // vitepress itself says which generated pages are missing
  return isGenerated || existsSync(join(ROOT, target)) ? own : null;
}
