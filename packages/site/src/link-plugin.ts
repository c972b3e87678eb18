import { relative, sep } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { createLinkResolver } from "./page-links.js";
import { ROOT } from "./repository.js";

/** Links of a page lead where `page-links.ts` says; braces of a text are no expressions of the site's framework. */
export function linkPlugin(md: MarkdownRenderer): void {
  const resolve = createLinkResolver();
  md.core.ruler.push("repository-links", ({ tokens, env }) => {
    const source: string = env.frontmatter?.source ?? relative(ROOT, env.path).split(sep).join("/");
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href !== null) token.attrSet("href", resolve(href, source));
    }
  });
  const escapeText = md.renderer.rules.text;
  md.renderer.rules.text = (...args) => (escapeText?.(...args) ?? "").replaceAll("{{", "&#123;&#123;");
}
