import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Application, type ProjectReflection, ReflectionKind } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { PAGES, ROOT, readManifest, repositoryAddress } from "./repository.js";

/** The published packages, by folder name. */
export function publishedPackages(): readonly string[] {
  return readdirSync(join(ROOT, "packages"))
    .filter((folder) => readManifest(`packages/${folder}`).private !== true)
    .sort();
}

/** Writes one page for each published package: all that its index exports, from the TSDoc beside it. */
export async function writeApiPages(): Promise<void> {
  const markdown: Partial<PluginOptions> = {
    outputFileStrategy: "modules",
    entryFileName: "index",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    expandObjects: false,
    parametersFormat: "table",
    interfacePropertiesFormat: "list",
    typeAliasPropertiesFormat: "table",
    enumMembersFormat: "table",
  };
  const app = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: publishedPackages().map((folder) => join(ROOT, "packages", folder, "src/index.ts")),
    tsconfig: join(ROOT, "packages/site/tsconfig.api.json"),
    // the compiler of the repository has checked everything already, and is stricter
    skipErrorChecking: true,
    name: "API",
    outputs: [{ name: "markdown", path: join(PAGES, "api") }],
    readme: "none",
    basePath: ROOT,
    disableGit: true,
    sourceLinkTemplate: `${repositoryAddress()}/blob/main/packages/{path}#L{line}`,
    excludeExternals: true,
    excludePrivate: true,
    logLevel: "Warn",
    validation: { notExported: false, invalidLink: true, notDocumented: false },
    ...markdown,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error("typedoc could not read the packages");
  nameByPackage(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error("typedoc reported errors");
}

/** `packages/core/src` becomes `core`: name, page and heading. */
function nameByPackage(project: ProjectReflection): void {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    module.name = module.name.replace(/^packages\//, "").replace(/\/src$/, "");
  }
}
