import { sanitizeLine } from "@troupe/core";
import { clip } from "../markdown-text.js";
import { escapeXml } from "../xml-text.js";

/** Text that is HTML already; nothing foreign gets into one but escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | null | readonly (Markup | null)[];

/** HTML in which everything that is put in is escaped, unless it is {@link Markup} itself. Null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] ?? "";
  for (const [index, part] of parts.entries()) text += textOf(part) + (strings[index + 1] ?? "");
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part === null) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "string") return escapeXml(part);
  if (typeof part === "number") return String(part);
  return part.map(textOf).join("");
}

/** For a list between two parts of a template. */
export function each<Item>(items: readonly Item[], render: (item: Item, index: number) => Markup | null): Markup {
  return new Markup(items.map((item, index) => render(item, index)?.text ?? "").join(""));
}

/** A number in a coordinate: two digits are finer than any screen. */
export function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A share of a width. */
export function percent(share: number): string {
  return `${round(share * 100)}%`;
}

/** Foreign text in one line, no longer than `most` characters; it says how much is missing. */
export function clipped(text: string, most: number): string {
  return clip(sanitizeLine(text), most);
}
