import { fill, lines, MARKDOWNS, type Named } from "./hostile-markdown.js";

/** The files that a person writes. */
export type Kind = "workflow" | "project" | "objective";

const KINDS: readonly Kind[] = ["workflow", "project", "objective"];

/** Hostile input. Unless it is known to be `valid` or `refused`, it may be either, and must be one of them. */
export interface HostileFixture {
  readonly name: string;
  readonly kind: Kind;
  readonly content: string | Uint8Array;
  readonly is?: "valid" | "refused";
}

function laughs(width: number): string {
  const list = (item: string): string => `[${Array.from({ length: width }, () => item).join(", ")}]`;
  return `a0: &a0 ${list("x")}\n${lines(9, (index) => `a${index + 1}: &a${index + 1} ${list(`*a${index}`)}`)}\n`;
}

/** A value within a file that is sound without it. */
const CARRIERS: Readonly<Record<Kind, (value: string) => string>> = {
  workflow: (value) => `stages:\n  A: { work_agent: pm, description: ${value} }\n`,
  project: (value) => `agents: { default: { plugin: command, persona: ${value} } }\n`,
  objective: (value) => `---\ntitle: ${value}\n---\n# T\n`,
};

/** A YAML text as a file of each kind. */
const WRAPPERS: Readonly<Record<Kind, (yaml: string) => string>> = {
  workflow: (yaml) => yaml,
  project: (yaml) => yaml,
  objective: (yaml) => `---\n${yaml}\n---\n# T\n`,
};

const VALUES: Named<string> = [
  ["a tag of a function", "!!js/function 'function () { return 1 }'", "refused"],
  ["a tag of a regular expression", "!!js/regexp /(a+)+$/", "refused"],
  ["a tag of a Python object", "!!python/object/apply:os.system ['true']", "refused"],
  ["a tag of bytes", "!!binary aGVsbG8=", "refused"],
  ["a tag of a set", "!!set { a }", "refused"],
  ["a tag of pairs", "!!omap [a: 1]", "refused"],
  ["a tag of a time", "!!timestamp 2024-01-01", "refused"],
  ["a tag of somebody", "!somebody x", "refused"],
  ["a tag with an address", "!<tag:yaml.org,2002:str> x", "refused"],
  ["a list that holds itself", "&a [*a]", "refused"],
  ["a map that holds itself", "&a { b: *a }", "refused"],
  ["an alias of nothing", "*nothing", "refused"],
  ["a NUL escape", '"a\\0b"', "refused"],
  ["half a character", '"\\ud800"', "refused"],
  ["an escape that is none", '"\\q"', "refused"],
  ["an escape beyond Unicode", '"\\U00110000"', "refused"],
  ["an ESC escape", '"\\e[31mred"'],
  ["a number", "12", "refused"],
  ["a number like a version", "1.10", "refused"],
  ["a number without end", ".inf", "refused"],
  ["no number", ".nan", "refused"],
  ["a hexadecimal number", "0xff", "refused"],
  ["a number of 400 digits", "9".repeat(400), "refused"],
  ["a boolean", "true", "refused"],
  ["a word that was a boolean once", "yes", "valid"],
  ["a date", "2024-01-01", "valid"],
  ["nothing", "null"],
  ["a direction override", "a\u202eb", "valid"],
  ["isolates", "\u2066a\u2069", "valid"],
  ["a line separator", "a\u2028b", "valid"],
  ["letters under many accents", `a${"\u0301".repeat(5_000)}`, "valid"],
  ["a scalar of 900 KB", `"${fill("x", 900_000)}"`],
  ["a scalar of many lines", `"${fill("x\\n", 100_000)}"`],
  ["a deep list", `${fill("[", 200)}${fill("]", 200)}`, "refused"],
  ["a deep map", `${fill("{a: ", 400)}${fill("}", 100)}`, "refused"],
  ["a list of 5,001 values", `[${fill("a,", 10_002)}]`, "refused"],
  ["more aliases than 50", `[&a x, ${fill("*a, ", 204)}]`, "refused"],
];

const YAMLS: Named<string> = [
  ["billion laughs", laughs(9), "refused"],
  ["few laughs", laughs(5), "refused"],
  ["20,000 keys", lines(20_000, (index) => `k${index}: 1`), "refused"],
  ["as many keys as may be, all the same", lines(2_400, () => "a: 1"), "refused"],
  ["as many keys as may be, all unknown", lines(2_400, (index) => `key_number_${index}: 1`), "refused"],
  ["lists 100,000 deep", fill("[", 100_000), "refused"],
  ["lists 100,000 deep and closed", `${fill("[", 100_000)}${fill("]", 100_000)}`, "refused"],
  ["maps 100,000 deep", fill("{a: ", 400_000), "refused"],
  ["blocks 1,000 deep", lines(1_000, (index) => `${" ".repeat(index)}a:`), "refused"],
  ["items 100,000 deep", fill("- ", 200_000), "refused"],
  ["questions 100,000 deep", fill("? ", 200_000), "refused"],
  ["a doubled key", "a: 1\na: 2", "refused"],
  ["a __proto__ key", "__proto__: { polluted: true }", "refused"],
  ["a quoted __proto__ key", '"__proto__": { polluted: true }', "refused"],
  ["a constructor key", "constructor: { prototype: { polluted: true } }", "refused"],
  ["a toString key", "toString: x", "refused"],
  ["a merge key", "a: &a { polluted: true }\n<<: *a", "refused"],
  ["a tab as indentation", "a:\n\tb: 1", "refused"],
  ["two documents", "--- \na: 1\n--- \nb: 1"],
  ["the end of a document", "a: 1\n...\nb: 1", "refused"],
  ["a version of YAML", "%YAML 1.1\n--- \na: 1", "refused"],
  ["a tag directive", "%TAG ! tag:x,2000:\n--- \na: !b 1", "refused"],
  ["keys of every kind", "1: a\n1.5: a\ntrue: a\nnull: a\n~: a\n2024-01-01: a\n0x1f: a", "refused"],
  ["a key that is a list", "? [a, b]\n: 1", "refused"],
  ["a key of 10,000 letters", `${fill("k", 10_000)}: 1`, "refused"],
  ["an anchor on everything", "&a a: &b [&c 1, &d 2]", "refused"],
  ["quotes without end", 'a: "b\nc: 1', "refused"],
  ["colons", fill(": ", 50_000), "refused"],
  ["commas", `a: [${fill(",", 50_000)}`, "refused"],
  ["wrong escapes", `a: "${fill("\\q", 100_000)}"`, "refused"],
  ["a zero-width space around a key", "\u200ba: 1", "refused"],
];

const LARGE: Uint8Array = Buffer.alloc(100 * 1024 * 1024, 0x61);

/** Of a whole file, as bytes. */
const BYTES: Named<(text: string) => Uint8Array> = [
  ["a byte order mark", (text) => bytesOf(`\u{feff}${text}`), "valid"],
  ["two byte order marks", (text) => bytesOf(`\u{feff}\u{feff}${text}`)],
  ["UTF-16 LE", (text) => Buffer.from(`\u{feff}${text}`, "utf16le"), "refused"],
  ["UTF-16 BE", (text) => Buffer.from(`\u{feff}${text}`, "utf16le").swap16(), "refused"],
  ["UTF-16 LE without a mark", (text) => Buffer.from(text, "utf16le"), "refused"],
  ["UTF-16 BE without a mark", (text) => Buffer.from(text, "utf16le").swap16(), "refused"],
  ["a byte that is never UTF-8", (text) => Buffer.concat([bytesOf(text), Buffer.of(0xff)]), "refused"],
  ["an overlong slash", (text) => Buffer.concat([bytesOf(text), Buffer.of(0xc0, 0xaf)]), "refused"],
  ["a surrogate in UTF-8", (text) => Buffer.concat([bytesOf(text), Buffer.of(0xed, 0xa0, 0x80)]), "refused"],
  ["half a character at the end", (text) => Buffer.concat([bytesOf(text), Buffer.of(0xe2, 0x82)]), "refused"],
  ["Latin-1", (text) => Buffer.from(`${text}# größe\n`, "latin1"), "refused"],
  ["NUL at the end", (text) => bytesOf(`${text}\0`), "refused"],
  ["nothing but NUL", () => new Uint8Array(4_096), "refused"],
  ["ESC", (text) => bytesOf(`${text}# \u001b]0;title\u0007\n`), "refused"],
  ["a C1 control", (text) => bytesOf(`${text}# \u009b2J\n`), "refused"],
  ["BEL, BS and DEL", (text) => bytesOf(`${text}# \u0007\b\u007f\n`), "refused"],
  ["CRLF", (text) => bytesOf(text.replaceAll("\n", "\r\n")), "valid"],
  ["lone CR", (text) => bytesOf(text.replaceAll("\n", "\r"))],
  ["no bytes", () => new Uint8Array()],
  ["one byte more than may be", () => Buffer.alloc(1024 * 1024 + 1, 0x23), "refused"],
  ["100 MB", () => LARGE, "refused"],
  ["a program", () => Buffer.from("7f454c4602010100000000000000000003003e00", "hex"), "refused"],
  ["1 MiB of line ends", () => bytesOf(fill("\n"))],
  ["1 MiB of comments", () => bytesOf(fill("# x\n")), "refused"],
];

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "utf8");
}

const SOUND: Readonly<Record<Kind, string>> = {
  workflow: "stages:\n  A: { work_agent: pm }\n",
  project: "checks: [npm test]\n",
  objective: "# T\n\nText.\n",
};

const PATHS: Named<string> = [
  ["leads out", "../a.md", "refused"],
  ["leads out in the middle", "a/../../b.md", "refused"],
  ["leads out by backslashes", "..\\\\a.md", "refused"],
  ["is absolute", "/etc/passwd", "refused"],
  ["has a drive", "C:/a.md", "refused"],
  ["is of a network", "\\\\\\\\host\\\\share", "refused"],
  ["is a home", "~/a.md"],
  ["is nothing", "", "refused"],
  ["is a dot", ".", "refused"],
  ["is two dots", "..", "refused"],
  ["has a NUL", "a\\0.md", "refused"],
  ["has a line end", "a\\nb.md", "refused"],
  ["has an ESC", "a\\e[2J.md", "refused"],
  ["has a direction override", "a\u202egpj.md"],
  ["has 256 bytes", "a".repeat(256), "refused"],
  ["has 255 bytes", "a".repeat(255), "valid"],
  ["has 128 letters of two bytes", "ä".repeat(128), "refused"],
  ["is a device", "CON", "refused"],
  ["is a device with an ending", "aux.md", "refused"],
  ["is a device in lower case below", "a/nul.txt", "refused"],
  ["is a port", "COM1.log", "refused"],
  ["ends in a dot", "a.", "refused"],
  ["ends in a space", "a ", "refused"],
  ["has a stream", "a.md:stream", "refused"],
  ["has signs", "a<b>|?*.md", "refused"],
  ["lies deep", fill("a/", 5_000).slice(0, -1)],
];

const IDS = [
  "yes",
  "1.0",
  "2024-01-01",
  "null",
  "~",
  "0o17",
  "CON",
  "a/b",
  "a b",
  "-a",
  "ä",
  "a\u202eb",
  "a".repeat(65),
];

function forEach<Value>(
  group: string,
  kinds: readonly Kind[],
  cases: Named<Value>,
  write: (kind: Kind, value: Value) => HostileFixture["content"],
): HostileFixture[] {
  return kinds.flatMap((kind) =>
    cases.map(([name, value, is]) => ({
      name: `${group}: ${name}`,
      kind,
      content: write(kind, value),
      ...(is === undefined ? {} : { is }),
    })),
  );
}

/** All of them. The largest are made on demand: call it once. */
export function hostileFixtures(): readonly HostileFixture[] {
  return [
    ...forEach("value", KINDS, VALUES, (kind, value) => CARRIERS[kind](value)),
    ...forEach("text", KINDS, YAMLS, (kind, yaml) => WRAPPERS[kind](yaml)),
    ...forEach("bytes", KINDS, BYTES, (kind, encode) => encode(SOUND[kind])),
    ...forEach(
      "artifact that",
      ["workflow"],
      PATHS,
      (_, path) => `stages:\n  A: { work_agent: pm, artifacts: ["${path}"] }\n`,
    ),
    ...forEach(
      "template that",
      ["workflow"],
      PATHS,
      (_, path) => `stages:\n  A: { work_agent: pm, prompt_template: "${path}" }\n`,
    ),
    ...forEach("markdown", ["objective"], MARKDOWNS, (_, markdown) => markdown),
    ...forEach(
      "stage id",
      ["workflow"],
      IDS.map((id) => [id.slice(0, 20), id]),
      (_, id) => `stages:\n  ${id}: { work_agent: ${id} }\nstage_order: [${id}]\n`,
    ),
    ...forEach(
      "agent id",
      ["project"],
      IDS.map((id) => [id.slice(0, 20), id]),
      (_, id) => `agents:\n  ${id}: command\n`,
    ),
    ...forEach(
      "skipped",
      ["objective"],
      IDS.map((id) => [id.slice(0, 20), id]),
      (_, id) => `---\nskip: [${id}]\n---\n# T\n`,
    ),
    {
      kind: "workflow",
      name: "names that are nearly right",
      content: `stages:\n${lines(1_000, (index) => `  a_name_that_is_rather_long_and_compared_${index}: { work_agent: a }`)}\nstage_order: [${lines(900, (index) => `a_nameX_that_is_ratherlong_and_compare_${index}z,`)}]`,
      is: "refused",
    },
    { kind: "workflow", name: "a stage that holds itself", content: "stages: &a\n  x: *a\n", is: "refused" },
    {
      kind: "workflow",
      name: "many stages",
      content: `stages:\n${lines(2_400, (index) => `  key${index}: {}`)}`,
      is: "refused",
    },
  ];
}
