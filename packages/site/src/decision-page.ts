import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { paragraphs } from "./markdown.js";
import { PAGES } from "./repository.js";

export interface Decision {
  /** `0010`, as in the name of its file. */
  readonly number: string;
  readonly file: string;
  readonly title: string;
}

/** The decision records in the order of their numbers. */
export function readDecisions(): readonly Decision[] {
  const folder = join(PAGES, "decisions");
  return readdirSync(folder)
    .filter((file) => /^\d{4}-.+\.md$/.test(file))
    .sort()
    .map((file) => ({
      number: file.slice(0, 4),
      file,
      title: decisionTitle(readFileSync(join(folder, file), "utf8")),
    }));
}

/** The first heading, with or without the number in front. */
export function decisionTitle(text: string): string {
  return (/^# (?:\d+[.:]? )?(.+)$/m.exec(text)?.[1] ?? "").trim();
}

export function decisionPage(decisions: readonly Decision[]): string {
  return paragraphs(
    "# Decisions",
    "What could have been otherwise, and why it is as it is: half a page each. A decision that was given up stays and says which one took its place.",
    decisions.map(({ number, file, title }) => `- [${number}](../decisions/${file}) ${title}`).join("\n"),
  );
}
