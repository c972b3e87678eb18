import { slug } from "github-slugger";
import { defineConfig } from "vitepress";
import { linkPlugin } from "../src/link-plugin.js";
import { repositoryAddress } from "../src/repository.js";
import { sidebar } from "../src/sidebar.js";

export default defineConfig({
  title: "Troupe",
  description: "A durable runner for staged workflows of AI coding agents",
  lang: "en-GB",
  srcDir: "../../docs",
  outDir: "dist",
  cacheDir: "../../node_modules/.cache/vitepress",
  // where the site is served: "/" or the name of a folder
  base: process.env.DOCS_BASE ?? "/",
  // dead links fail the build; anchors are checked by check-site.ts
  ignoreDeadLinks: false,
  markdown: {
    // documents are written for several readers: `<run>` in a text is a text, here as there
    html: false,
    anchor: { slugify: (text) => slug(text) },
    config: linkPlugin,
  },
  vite: {
    // the search index of the API is as large as it is
    build: { chunkSizeWarningLimit: 2000 },
  },
  themeConfig: {
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
