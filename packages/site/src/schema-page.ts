import { stringify } from "yaml";
import { code, fenced, paragraphs } from "./markdown.js";
import { describeType, type SchemaNode } from "./schema-type.js";

/** One key of a file, wherever it stands: `stages.<name>.retry.attempts`. */
interface Key {
  readonly name: string;
  readonly path: readonly string[];
  readonly node: SchemaNode;
  readonly isRequired: boolean;
}

/** What a reader has to know besides the schema. */
export interface SchemaPageText {
  readonly title: string;
  readonly introduction: string;
  /** Top-level key whose place tells keys that stand in several places: those of `defaults` are keys of `stages`. */
  readonly mainKey?: string;
}

/**
 * The reference of a file from its JSON Schema: every key with its type, default, meaning and examples. What stands in
 * several places is told in one of them, and the others lead there.
 */
export function schemaPage(schema: SchemaNode, { title, introduction, mainKey }: SchemaPageText): string {
  const definitions = Object.entries(schema.$defs ?? {});
  const keys = [...keysOf(schema, []), ...definitions.flatMap(([name, node]) => keysOf(node, [name]))];
  const inOrder = [...keys].sort((a, b) => Number(b.path[0] === mainKey) - Number(a.path[0] === mainKey));
  const places = new Map<string, string>();
  for (const key of inOrder) if (!places.has(bodyOf(key))) places.set(bodyOf(key), showPath(key.path));
  const elsewhere = (key: Key): string | null => {
    const place = places.get(bodyOf(key)) ?? null;
    return place === showPath(key.path) ? null : place;
  };
  const tell = (told: readonly Key[]): readonly string[] =>
    told.filter((key) => elsewhere(key) === null).map((key) => section(key, told, elsewhere));
  return paragraphs(
    `# ${title}`,
    introduction,
    ...tell(keysOf(schema, [])),
    ...definitions.flatMap(([name, node]) => [`## ${name}`, node.description ?? "", ...tell(keysOf(node, [name]))]),
  );
}

/** The keys below a node in the order of the schema, each before what stands below it. */
function keysOf(node: SchemaNode, path: readonly string[]): readonly Key[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, child]) => [
    { name, path: [...path, name], node: child, isRequired: node.required?.includes(name) ?? false },
    ...keysOf(child, [...path, name]),
  ]);
  const inside = [
    ...(typeof node.additionalProperties === "object" ? [keysOf(node.additionalProperties, [...path, "<name>"])] : []),
    ...(node.items === undefined ? [] : [keysOf(node.items, [...path, "[]"])]),
    ...(node.anyOf ?? []).map((choice) => keysOf(choice, path)),
  ];
  return [...own, ...inside.flat()];
}

/** `stages.<name>.checks[].run`; its heading in the page. */
function showPath(path: readonly string[]): string {
  return path.join(".").replaceAll(".[]", "[]");
}

function section(key: Key, all: readonly Key[], elsewhere: (key: Key) => string | null): string {
  const named = key.path.filter((part) => part !== "<name>" && part !== "[]");
  const level = "#".repeat(Math.min(4, named.length + 1));
  const below = all.filter(({ path }) => path.slice(0, -1).join() === key.path.join());
  const links = below.flatMap((child) => {
    const place = elsewhere(child);
    return place === null ? [] : [`[\`${child.name}\`](#${anchorOf(place)})`];
  });
  return paragraphs(
    `${level} \`${showPath(key.path)}\``,
    bodyOf(key),
    links.length === 0 ? "" : `Keys that are told there: ${links.join(", ")}.`,
  ).trimEnd();
}

/** All that the page tells of a key, but for its place. */
function bodyOf({ name, node, isRequired }: Key): string {
  const facts = [
    `**${describeType(node)}**`,
    ...(isRequired ? ["required"] : []),
    ...(node.default === undefined ? [] : [`default ${code(JSON.stringify(node.default))}`]),
  ];
  const examples = (node.examples ?? []).map((example) => stringify({ [name]: example }));
  return paragraphs(
    facts.join(" · "),
    node.description ?? "",
    examples.length === 0 ? "" : fenced("yaml", examples.join("# or\n")),
  ).trimEnd();
}

/** The anchor of a key's heading, as GitHub and the site make it. */
function anchorOf(place: string): string {
  return place.toLowerCase().replace(/[^a-z0-9_-]/g, "");
}
