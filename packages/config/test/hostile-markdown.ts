const MIB = 1024 * 1024 - 16;
const MD = 128 * 1024 - 16;

export function fill(piece: string, size: number = MIB): string {
  return piece.repeat(Math.floor(size / piece.length));
}

export function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

/** Cases by name, with what is known of their end. */
export type Named<Value> = readonly (readonly [name: string, value: Value, is?: "valid" | "refused"])[];

export const MARKDOWNS: Named<string> = [
  ["links", fill("[a](", MD)],
  ["images", fill("![a", MD)],
  ["emphasis", fill("**a", MD)],
  ["stars and underlines", fill("*_", MD)],
  ["strikes", fill("~a", MD)],
  ["quotes", fill("> ", MD), "refused"],
  ["a line of dashes", fill("- ", MD), "valid"],
  ["items", fill("* + ", MD), "refused"],
  ["deep lists", lines(360, (index) => `${"  ".repeat(index)}- a`), "refused"],
  ["labels", lines(1_990, () => "**a**: b"), "valid"],
  ["headings", lines(1_990, () => "# Goal"), "valid"],
  ["underlined headings", lines(1_990, (index) => (index % 2 === 0 ? "a" : "=")), "valid"],
  ["quoted paragraphs", lines(1_990, (index) => (index % 2 === 0 ? "> a" : "")), "valid"],
  ["tables", `|a|b|\n|-|-|\n${lines(1_900, () => "|a|b|")}`, "valid"],
  [
    "a table of 60,000 cells",
    `${fill("|a", 120)}|\n${fill("|-", 120)}|\n${lines(1_000, () => fill("|a", 120))}`,
    "valid",
  ],
  ["a wide table", `${fill("|a", 20_000)}|\n${fill("|-", 20_000)}|\n`, "valid"],
  ["code", fill("`a", MD), "valid"],
  ["fences", lines(1_990, () => "```"), "valid"],
  ["definitions", lines(1_990, (index) => `[a${index}]: x`)],
  ["footnotes", lines(1_990, (index) => `[^${index}]: [^${index}]`)],
  ["tags", fill("<a ", MD)],
  ["comments without end", fill("<!-- ", MD), "refused"],
  ["entities", fill("&amp;", MD), "valid"],
  ["backslashes", fill("\\", MD), "valid"],
  ["front matter within front matter", fill("---\n", 4_000)],
  ["too many lines", fill("a\n", 10_000), "refused"],
  ["too many bytes", fill("a", MD + 1_000), "refused"],
];
