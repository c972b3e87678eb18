import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decisionTitle } from "./decision-page.js";
import { PAGES } from "./repository.js";

interface SidebarItem {
  readonly text: string;
  readonly link: string;
}

export interface SidebarSection {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: readonly SidebarItem[];
}

interface Section {
  readonly text: string;
  /** Pages in this order, those that exist: a page may be planned here before somebody writes it. */
  readonly pages: readonly string[];
  /** All other pages of this folder follow, by name. */
  readonly rest?: string;
  readonly collapsed?: boolean;
}

const SECTIONS: readonly Section[] = [
  {
    text: "Start",
    pages: ["getting-started", "agents/index", "concepts", "workflows", "from-teambot", "comparison"],
  },
  {
    text: "Agents",
    pages: ["agents/claude", "agents/codex", "agents/copilot", "agents/gemini", "agents/opencode", "agents/qwen"],
    rest: "agents",
    collapsed: true,
  },
  {
    text: "Running",
    pages: ["durability", "performance", "security", "approvals", "notifications", "reports", "console", "errors"],
    rest: "",
  },
  {
    text: "Reference",
    pages: ["reference/command-line", "reference/workflow-file", "reference/project-file", "reference/objective"],
    rest: "reference",
  },
  {
    text: "Plugins",
    pages: [
      "writing-a-store",
      "writing-an-executor",
      "writing-an-agent",
      "writing-a-reporter",
      "plugins-in-typescript",
    ],
  },
  { text: "Packages", pages: ["footprint"], rest: "reference/packages", collapsed: true },
  { text: "API", pages: ["api/index"], rest: "api", collapsed: true },
  { text: "Project", pages: ["project/architecture", "project/contributing", "project/decisions"], rest: "project" },
  { text: "Decisions", pages: [], rest: "decisions", collapsed: true },
];

/** The navigation: every page of `docs/` is in it once, also one that nobody has given a place. */
export function sidebar(): readonly SidebarSection[] {
  const placed = new Set(SECTIONS.flatMap(({ pages }) => pages));
  return SECTIONS.map(({ text, pages, rest, collapsed }) => {
    const others = rest === undefined ? [] : pagesOf(rest).filter((page) => !placed.has(page));
    const all = [...pages.filter((page) => existsSync(join(PAGES, `${page}.md`))), ...others];
    return {
      text,
      collapsed: collapsed ?? false,
      items: all.map((page) => ({ text: titleOf(page), link: `/${page}` })),
    };
  }).filter(({ items }) => items.length > 0);
}

function pagesOf(folder: string): readonly string[] {
  const path = join(PAGES, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(".md") && !(folder === "" && name === "index.md"))
    .map((name) => [folder, name.slice(0, -".md".length)].filter((part) => part !== "").join("/"))
    .sort();
}

/** The first heading; a decision has its number in front. */
function titleOf(page: string): string {
  const text = readFileSync(join(PAGES, `${page}.md`), "utf8");
  const [, number] = /^decisions\/(\d+)-/.exec(page) ?? [];
  if (number !== undefined) return `${number} ${decisionTitle(text)}`.replaceAll("`", "");
  const [, title = page] = /^# (.+)$/m.exec(text) ?? [];
  return title.replaceAll(/[`*\\]/g, "");
}
