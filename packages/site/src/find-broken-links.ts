import { posix } from "node:path";

/** The built pages by their path in the site, `reference/command-line.html`, with their HTML. */
export type BuiltPages = ReadonlyMap<string, string>;

/**
 * Links of built pages that lead to no page, no other file or no anchor: navigation and generated pages included,
 * whatever made them. `base` is the folder that the site is served from, with a slash at both ends.
 */
export function findBrokenLinks(pages: BuiltPages, files: ReadonlySet<string>, base: string): readonly string[] {
  const anchors = new Map([...pages].map(([page, html]) => [page, anchorsOf(html)]));
  return [...pages].flatMap(([page, html]) =>
    linksOf(html).flatMap((link) => {
      const [path = "", anchor = ""] = link.split("#");
      const target = path === "" ? page : fileOf(path, page, base);
      if (target === null) return [`${page}: ${link} is outside of ${base}`];
      if (!files.has(target)) return [`${page}: ${link} leads to no page`];
      const known = anchors.get(target);
      const isMissing = anchor !== "" && known !== undefined && !known.has(decodeURIComponent(anchor));
      return isMissing ? [`${page}: ${link} leads to no heading`] : [];
    }),
  );
}

function linksOf(html: string): readonly string[] {
  const hrefs = [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
  return [...new Set(hrefs)].filter((href) => href !== "" && !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(href));
}

function anchorsOf(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = ""]) => id.replaceAll("&amp;", "&")));
}

function fileOf(path: string, page: string, base: string): string | null {
  const absolute = path.startsWith("/") ? path : posix.join(base, posix.dirname(page), path);
  if (!absolute.startsWith(base)) return null;
  const file = decodeURIComponent(absolute.slice(base.length));
  if (file === "" || file.endsWith("/")) return `${file}index.html`;
  return posix.extname(file) === "" ? `${file}.html` : file;
}
