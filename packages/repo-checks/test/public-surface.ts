import ts from "typescript-6";
import { type Declarations, type Place, readDeclarations } from "./declarations.js";

/** A declaration that users see. */
export interface SurfacePart {
  readonly name: string;
  /** As in a `.d.ts`, without comments. */
  readonly text: string;
  /** Where it is declared; null = in another package. */
  readonly place: Place | null;
}

/** What others can use of a module of a package. */
export interface Surface {
  readonly exported: readonly SurfacePart[];
  /** Not exported, but named by what is, by its signatures or by each other: a change of them is seen as well. */
  readonly behind: readonly SurfacePart[];
}

/** Reads the sources below an entry point; takes nothing that was built. */
export function readSurface(entry: string): Surface {
  const modules = new Map<string, Declarations>();
  const declarationsOf = (file: string): Declarations => {
    const known = modules.get(file) ?? readDeclarations(file);
    modules.set(file, known);
    return known;
  };
  const locate = (place: Place): Place | null => {
    const { declared, exported, imported } = declarationsOf(place.file);
    if (declared.has(place.name)) return place;
    const next = exported.get(place.name) ?? imported.get(place.name) ?? null;
    return next === null || isSame(next, place) ? null : locate(next);
  };
  const seen = new Set<string>();
  const read = (place: Place, name: string): { readonly part: SurfacePart; readonly named: readonly Place[] } => {
    const statements = declarationsOf(place.file).declared.get(place.name) ?? [];
    const text = statements.map((statement) => textOf(statement)).join("\n");
    const named = statements.flatMap(typesIn).map((type) => ({ file: place.file, name: type }));
    seen.add(keyOf(place));
    return { part: { name, text, place }, named };
  };
  const exported: SurfacePart[] = [];
  const waiting: Place[] = [];
  for (const [name, place] of [...declarationsOf(entry).exported].sort(byFirst)) {
    const found = place === null ? null : locate(place);
    if (found === null) {
      exported.push({ name, text: "of another package", place: null });
      continue;
    }
    const { part, named } = read(found, name);
    exported.push(part);
    waiting.push(...named);
  }
  const behind: SurfacePart[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = locate(next);
    if (found === null || seen.has(keyOf(found))) continue;
    const { part, named } = read(found, found.name);
    behind.push(part);
    waiting.push(...named);
  }
  return { exported, behind: behind.sort((a, b) => (a.name + a.text < b.name + b.text ? -1 : 1)) };
}

const keyOf = ({ file, name }: Place): string => `${file} ${name}`;
const isSame = (a: Place, b: Place): boolean => keyOf(a) === keyOf(b);
const byFirst = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

function textOf(statement: ts.Statement): string {
  return statement
    .getText()
    .replace(/^export (default )?/, "")
    .replace(/^declare /, "")
    .replaceAll("    ", "  ");
}

/** Names of types and values that a declaration refers to, in the scope of its module. */
function typesIn(statement: ts.Statement): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeReferenceNode(node)) names.push(node.typeName.getText());
    if (ts.isTypeQueryNode(node)) names.push(node.exprName.getText());
    if (ts.isExpressionWithTypeArguments(node)) names.push(node.expression.getText());
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return names;
}
