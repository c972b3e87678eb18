import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript-6";

/** A name in a module. */
export interface Place {
  /** Absolute path of the source. */
  readonly file: string;
  readonly name: string;
}

/** What the compiler writes into the declarations of one module. */
export interface Declarations {
  /** Its statements by the name that they declare; overloads are several. */
  readonly declared: ReadonlyMap<string, readonly ts.Statement[]>;
  /** What it exports, and where that is declared or exported next; a place in another package = null. */
  readonly exported: ReadonlyMap<string, Place | null>;
  /** What it imports from modules of the same package. */
  readonly imported: ReadonlyMap<string, Place>;
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.NodeNext,
  declaration: true,
  isolatedDeclarations: true,
  removeComments: true,
  strict: true,
};

/** `isolatedDeclarations` is on in every package, so that one file is enough, and nothing has to be built or type checked. */
export function readDeclarations(file: string): Declarations {
  const { outputText } = ts.transpileDeclaration(readFileSync(file, "utf8"), {
    fileName: file,
    compilerOptions: OPTIONS,
  });
  const source = ts.createSourceFile(file.replace(/\.ts$/, ".d.ts"), outputText, ts.ScriptTarget.ES2024, true);
  const declared = new Map<string, readonly ts.Statement[]>();
  const exported = new Map<string, Place | null>();
  const imported = new Map<string, Place>();
  for (const statement of source.statements) {
    for (const name of namesOf(statement)) {
      declared.set(name, [...(declared.get(name) ?? []), statement]);
      if (isExported(statement)) exported.set(name, { file, name });
    }
    if (ts.isExportAssignment(statement)) exported.set("default", { file, name: statement.expression.getText() });
    if (ts.isExportDeclaration(statement)) collectExports(statement, file, exported);
    if (ts.isImportDeclaration(statement)) collectImports(statement, file, imported);
  }
  for (const [name, place] of exported) {
    // `import` here, `export` there: what counts is where it comes from
    const origin = place?.file === file ? imported.get(place.name) : undefined;
    if (origin !== undefined) exported.set(name, origin);
  }
  return { declared, exported, imported };
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name !== undefined ? [statement.name.text] : [];
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function collectExports(statement: ts.ExportDeclaration, file: string, into: Map<string, Place | null>): void {
  if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) {
    if (statement.moduleSpecifier === undefined) return; // `export {}`
    throw new Error(`${file} exports a module as a whole; name what it exports`);
  }
  const from = statement.moduleSpecifier === undefined ? file : moduleAt(statement.moduleSpecifier, file);
  for (const { name, propertyName } of statement.exportClause.elements) {
    into.set(name.text, from === null ? null : { file: from, name: (propertyName ?? name).text });
  }
}

function collectImports(
  { moduleSpecifier, importClause }: ts.ImportDeclaration,
  file: string,
  into: Map<string, Place>,
): void {
  const from = moduleAt(moduleSpecifier, file);
  const bindings = importClause?.namedBindings;
  if (from === null || importClause === undefined) return;
  if (importClause.name !== undefined) into.set(importClause.name.text, { file: from, name: "default" });
  if (bindings === undefined || !ts.isNamedImports(bindings)) return;
  for (const { name, propertyName } of bindings.elements)
    into.set(name.text, { file: from, name: (propertyName ?? name).text });
}

/** The source of a module of the same package; null = it is of another one. */
function moduleAt(specifier: ts.Expression, from: string): string | null {
  const path = ts.isStringLiteral(specifier) ? specifier.text : "";
  return path.startsWith(".") ? join(dirname(from), path.replace(/\.js$/, ".ts")) : null;
}
