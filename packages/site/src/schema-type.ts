/** The parts of a JSON Schema (draft 2020-12) that the schemas of `@troupe/config` use. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly prefixItems?: readonly SchemaNode[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

/** The pattern of durations, told apart from other patterns by what only it has. */
const DURATION_MARK = ")h)?";
const ID_MARK = "{0,63}";

/** The type of a value in a few words; null, which stands for "not given" everywhere, is left out. */
export function describeType(node: SchemaNode): string {
  if (node.$ref !== undefined) return node.$ref.replace("#/$defs/", "");
  if (node.anyOf !== undefined) {
    return [...new Set(node.anyOf.filter(({ type }) => type !== "null").map(describeType))].join(", or ");
  }
  const type = [node.type ?? "any"].flat().find((name) => name !== "null") ?? "any";
  const values = node.enum?.filter((value) => value !== null);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(" or ");
  if (type === "string") return describeText(node.pattern ?? "");
  if (type === "integer") return `whole number${range(node)}`;
  if (type === "number") return `number${range(node)}`;
  if (type === "boolean") return "true or false";
  if (type === "array") return describeList(node);
  if (type === "object") return node.properties === undefined ? describeMap(node) : "map";
  return "anything";
}

function describeText(pattern: string): string {
  if (pattern.includes(DURATION_MARK)) return "duration";
  return pattern.includes(ID_MARK) ? "id" : "text";
}

function describeList(node: SchemaNode): string {
  const items = [...(node.prefixItems ?? []), ...(node.items === undefined ? [] : [node.items])];
  const types = [...new Set(items.map(describeType))];
  return types.length === 0
    ? "list"
    : `list of ${types.map((type) => type.replace(/^(.*, or .*)$/, "($1)")).join(", ")}`;
}

function describeMap({ additionalProperties: value }: SchemaNode): string {
  return typeof value === "object" ? `map of name to ${describeType(value)}` : "map";
}

function range({ minimum, maximum, exclusiveMinimum }: SchemaNode): string {
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? null : maximum;
  if (exclusiveMinimum !== undefined) return ` greater than ${exclusiveMinimum}`;
  if (minimum === undefined) return "";
  return most === null ? `, at least ${minimum}` : `, ${minimum} to ${most}`;
}
