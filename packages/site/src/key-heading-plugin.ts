import type { MarkdownRenderer } from "vitepress";

/**
 * The heading of a key, `stages.<name>.checks`, becomes its path and its name, next to each other. The outline of the page
 * leaves out what has the class `ignore-header`: there the name stands below that of its section anyway.
 */
export function keyHeadingPlugin(md: MarkdownRenderer): void {
  md.core.ruler.push("key-headings", ({ tokens, Token }) => {
    for (const [index, { tag, type }] of tokens.entries()) {
      const heading = tokens[index + 1];
      const [only, ...more] = heading?.children?.filter((child) => child.type === "code_inline") ?? [];
      if (type !== "heading_open" || tag !== "h3" || heading === undefined || only === undefined || more.length > 0)
        continue;
      const [, path, name] = /^(.+\.)([^.]+)$/.exec(only.content) ?? [];
      if (path === undefined || name === undefined || heading.content !== `\`${only.content}\``) continue;
      const before = new Token("code_inline", "code", 0);
      before.content = path;
      before.markup = only.markup;
      before.attrSet("class", "ignore-header key-path");
      only.content = name;
      only.attrSet("class", "key-name");
      heading.children?.splice(heading.children.indexOf(only), 0, before);
    }
  });
}
