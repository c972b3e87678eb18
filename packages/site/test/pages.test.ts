import { readdirSync } from "node:fs";
import { describeCommands } from "@troupe/cli";
import { expect, test } from "vitest";
import { commandNotes } from "../src/command-notes.js";
import { commandPage } from "../src/command-page.js";
import { decisionPage, decisionTitle, readDecisions } from "../src/decision-page.js";
import { findBrokenLinks } from "../src/find-broken-links.js";
import { createLinkResolver } from "../src/page-links.js";
import { PAGES } from "../src/repository.js";
import { schemaPage } from "../src/schema-page.js";
import { sidebar } from "../src/sidebar.js";

test("a key is told with type, default, meaning and example, and once where several places have it", () => {
  const timeout = { type: ["string", "null"], description: "Longest time.", examples: ["90s"], pattern: ")h)?" };
  const page = schemaPage(
    {
      type: "object",
      required: ["jobs"],
      properties: {
        defaults: { type: "object", description: "For all jobs.", properties: { timeout } },
        jobs: {
          type: "object",
          description: "The jobs.",
          additionalProperties: {
            type: "object",
            properties: {
              timeout,
              tries: { type: "integer", minimum: 1, maximum: 9, default: 2, description: "Most." },
            },
          },
        },
      },
    },
    { title: "Jobs", introduction: "A file.", mainKey: "jobs" },
  );
  expect(page).toMatchInlineSnapshot(`
    "# Jobs

    A file.

    ## \`defaults\`

    **map**

    For all jobs.

    Keys that are told there: [\`timeout\`](#jobsnametimeout).

    ## \`jobs\`

    **map of name to map** · required

    The jobs.

    ### \`jobs.<name>.timeout\`

    **duration**

    Longest time.

    \`\`\`yaml
    timeout: 90s
    \`\`\`

    ### \`jobs.<name>.tries\`

    **whole number, 1 to 9** · default \`2\`

    Most.
    "
  `);
});

test("the reference of the command line has every command with every option", () => {
  const root = describeCommands();
  const page = commandPage(root);
  for (const { name, arguments: own, options } of root.commands) {
    const section = page.split(`\n## troupe ${name}\n`)[1]?.split("\n## ")[0] ?? "";
    const missing = [...own, ...options.filter(({ term }) => term !== "-h, --help")].filter(
      ({ term }) => !section.includes(`| \`${term.replaceAll("|", "\\|")}\` |`),
    );
    expect([name, missing]).toEqual([name, []]);
  }
});

test("an example of a command can be copied, with what is said of it above", () => {
  const notes = `Examples:
  troupe list
  troupe list --json | jq -r '.runs[0].runId'   the id of the newest run

A line
  # of a file
is code.`;
  expect(commandNotes(notes)).toBe(`\`\`\`sh
troupe list
# the id of the newest run
troupe list --json | jq -r '.runs[0].runId'
\`\`\`

A line
\`# of a file\`
is code.`);
  expect(commandNotes("")).toBe("");
});

test("every page has one place in the navigation, also one that nobody has given a place", () => {
  const links = sidebar().flatMap(({ items }) => items.map(({ link }) => link.slice(1)));
  expect(new Set(links).size).toBe(links.length);
  const pages = readdirSync(PAGES, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && path !== "index.md")
    .map((path) => path.replace(/\.md$/, ""));
  expect(pages.filter((page) => !links.includes(page))).toEqual([]);
});

test("every decision is listed with its title, whether or not its heading has the number", () => {
  const decisions = readDecisions();
  expect(decisions.length).toBeGreaterThan(15);
  expect(decisions.filter(({ title }) => title === "")).toEqual([]);
  expect(new Set(decisions.map(({ number }) => number)).size).toBe(decisions.length);
  expect(decisionTitle("# 0003. Blobs belong to a run\n\n## Context")).toBe("Blobs belong to a run");
  expect(decisionTitle("# A warning is an event\n")).toBe("A warning is an event");
  const listed = decisionPage(decisions.slice(0, 1)).split("\n").at(-2);
  expect(listed).toBe(`- [0001](../decisions/${decisions[0]?.file}) ${decisions[0]?.title}`);
});

test("a link leads to the page of a document, to a file in the repository, or is refused", () => {
  const resolve = createLinkResolver();
  expect([
    resolve("concepts.md#resume", "docs/getting-started.md"),
    resolve("../packages/core/README.md", "docs/concepts.md"),
    resolve("packages/core", "ARCHITECTURE.md"),
    resolve("../src/index.ts", "packages/core/test/x.md"),
    resolve("https://example.org/a.md", "docs/concepts.md"),
    resolve("#here", "docs/concepts.md"),
  ]).toEqual([
    "/concepts.md#resume",
    "/reference/packages/core.md",
    "/reference/packages/core.md",
    "https://github.com/example/troupe/blob/main/packages/core/src/index.ts",
    "https://example.org/a.md",
    "#here",
  ]);
  expect(() => resolve("nowhere.md", "docs/concepts.md")).toThrow("docs/concepts.md: nowhere.md leads to nothing");
});

test("links of built pages to nothing, to no heading and out of the site are found", () => {
  const pages = new Map([
    [
      "index.html",
      '<a class="x" href="/base/a.html#there">a</a> <a href="/base/b">b</a> <a href="https://x.org/">x</a>',
    ],
    ["a.html", '<h2 id="here">H</h2> <a href="#here">ok</a> <a href="./index.html">ok</a> <a href="/other/">out</a>'],
  ]);
  expect(findBrokenLinks(pages, new Set(pages.keys()), "/base/")).toEqual([
    "index.html: /base/a.html#there leads to no heading",
    "index.html: /base/b leads to no page",
    "a.html: /other/ is outside of /base/",
  ]);
});
