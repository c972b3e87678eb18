import { slug } from "github-slugger";
import { defineConfig } from "vitepress";
import { keyHeadingPlugin } from "../src/key-heading-plugin.js";
import { linkPlugin } from "../src/link-plugin.js";
import { repositoryAddress } from "../src/repository.js";
import { sidebar } from "../src/sidebar.js";

/** Where the site is served: "/" or the name of a folder. */
const BASE = process.env.DOCS_BASE ?? "/";

export default defineConfig({
  title: "Troupe",
  description: "A durable runner for staged workflows of AI coding agents",
  lang: "en-GB",
  srcDir: "../../docs",
  outDir: "dist",
  cacheDir: "../../node_modules/.cache/vitepress",
  base: BASE,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${BASE}icon.svg` }]],
  // dead links fail the build; anchors are checked by check-site.ts
  ignoreDeadLinks: false,
  markdown: {
    // documents are written for several readers: `<run>` in a text is a text, here as there
    html: false,
    anchor: { slugify: (text) => slug(text) },
    config: (md) => {
      linkPlugin(md);
      keyHeadingPlugin(md);
    },
    languageAlias: { ndjson: "json" },
  },
  vite: {
    // what a page cannot import: the picture of the start page and the icon
    publicDir: "images",
    // the search index of the API is as large as it is
    build: { chunkSizeWarningLimit: 2000 },
  },
  themeConfig: {
    logo: "/icon.svg",
    sidebar: sidebar().map((section) => ({ ...section, items: [...section.items] })),
    nav: [
      { text: "Start", link: "/getting-started" },
      { text: "Reference", link: "/reference/command-line" },
      { text: "API", link: "/api/index" },
    ],
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: repositoryAddress() }],
  },
});
