import type { ScratchFiles } from "./scratch-folder.js";

/** A forbidden import: what the rule must report, with the file that contains it. */
export interface Plant {
  readonly rule: string;
  /** The file with the forbidden import. */
  readonly from: string;
  readonly text: string;
  /** What the import resolves to. */
  readonly to: string;
  /** Files that make the import forbidden. */
  readonly beside?: ScratchFiles;
}

const CORE = "packages/core/src";
const empty = "export {};\n";
const manifest = (fields: object): string => JSON.stringify({ type: "module", exports: "./src/index.ts", ...fields });
const core = { "@troupe/core": "workspace:^" };

/** A small workspace without a violation, of the same shape as the real one; its imports are all allowed. */
export const CLEAN_WORKSPACE: ScratchFiles = {
  "packages/core/package.json": manifest({
    name: "@troupe/core",
    dependencies: { "@troupe/config": "workspace:^", "third-party": "1.0.0" },
  }),
  [`${CORE}/index.ts`]: 'export * from "./engine/loop.js";\n',
  [`${CORE}/errors/error.ts`]: empty,
  [`${CORE}/model/model.ts`]: 'import "../errors/error.js";\n',
  [`${CORE}/plugin/store.ts`]: 'import "../model/model.js";\n',
  [`${CORE}/state/reduce.ts`]: 'import "../plugin/store.js";\n',
  [`${CORE}/state/reduce.test.ts`]: 'import "node:fs";\nimport "third-party";\nimport "./reduce.js";\n',
  [`${CORE}/engine/loop.ts`]: 'import "node:crypto";\nimport "../state/reduce.js";\n',
  "packages/config/package.json": manifest({ name: "@troupe/config", peerDependencies: core, devDependencies: core }),
  "packages/config/src/index.ts": 'import "node:fs";\nimport type {} from "@troupe/core";\n',
  "packages/config/src/parse.ts": empty,
  "packages/store-x/package.json": manifest({
    name: "@troupe/store-x",
    dependencies: { "@troupe/config": "workspace:^" },
    peerDependencies: core,
    devDependencies: { ...core, "dev-only": "1.0.0", "@troupe/process": "workspace:^" },
  }),
  "packages/store-x/src/index.ts": 'import "@troupe/core";\nimport "./own.js";\n',
  "packages/store-x/src/own.ts": empty,
  "packages/store-x/src/index.test.ts": 'import "dev-only";\nimport "@troupe/process";\n',
  "packages/process/package.json": manifest({ name: "@troupe/process", peerDependencies: core, devDependencies: core }),
  "packages/process/src/index.ts": 'import "@troupe/core";\n',
  "packages/agent-x/package.json": manifest({
    name: "@troupe/agent-x",
    dependencies: { "@troupe/process": "workspace:^", "@troupe/store-x": "workspace:^" },
    peerDependencies: core,
    devDependencies: core,
  }),
  "packages/agent-x/src/index.ts": 'import "@troupe/core";\nimport "@troupe/process";\n',
  "packages/stage-runner/package.json": manifest({
    name: "@troupe/stage-runner",
    dependencies: { "@troupe/agent-x": "workspace:^" },
  }),
  "packages/stage-runner/src/index.ts": empty,
  "packages/cli/package.json": manifest({
    name: "@troupe/cli",
    dependencies: { ...core, "@troupe/store-x": "workspace:^", "third-party": "1.0.0" },
  }),
  "packages/cli/src/index.ts": 'import "@troupe/core";\nimport "@troupe/store-x";\nimport "third-party";\n',
};

const inCore = (rule: string, from: string, target: string): Plant => ({
  rule,
  from: `${CORE}/${from}/planted-${target.replace(/\W/g, "-")}.ts`,
  text: `import type {} from "../${target}.js";\n`,
  to: `${CORE}/${target}.ts`,
});

/** At least one violation of every rule, one for each thing that the rule forbids. */
export const PLANTS: readonly Plant[] = [
  {
    rule: "core-no-packages",
    from: `${CORE}/engine/planted-package.ts`,
    text: 'import type {} from "@troupe/config";\n',
    to: "packages/config/src/index.ts",
  },
  {
    rule: "core-no-packages",
    from: `${CORE}/engine/planted-npm.ts`,
    text: 'import "third-party";\n',
    to: "node_modules/third-party/index.js",
  },
  ...["errors", "model", "plugin", "state"].map((folder) => ({
    rule: "core-pure-no-node",
    from: `${CORE}/${folder}/planted-node.ts`,
    text: 'import "node:crypto";\n',
    to: "crypto",
  })),
  inCore("core-arrows", "errors", "model/model"),
  inCore("core-arrows", "errors", "plugin/store"),
  inCore("core-arrows", "errors", "state/reduce"),
  inCore("core-arrows", "errors", "engine/loop"),
  inCore("core-arrows-model", "model", "plugin/store"),
  inCore("core-arrows-model", "model", "state/reduce"),
  inCore("core-arrows-model", "model", "engine/loop"),
  inCore("core-arrows-plugin", "plugin", "state/reduce"),
  inCore("core-arrows-plugin", "plugin", "engine/loop"),
  inCore("core-arrows-state", "state", "engine/loop"),
  ...["errors", "model", "plugin", "state", "engine"].map((from) => inCore("core-arrows-entry", from, "index")),
  {
    rule: "plugins-only-core",
    from: "packages/store-x/src/planted-plugin.ts",
    text: 'import type {} from "@troupe/config";\n',
    to: "packages/config/src/index.ts",
  },
  {
    rule: "spawners-only-core-and-process",
    from: "packages/agent-x/src/planted-plugin.ts",
    text: 'import "@troupe/store-x";\n',
    to: "packages/store-x/src/index.ts",
  },
  {
    rule: "spawners-only-core-and-process",
    from: "packages/stage-runner/src/planted-agent.ts",
    text: 'import "@troupe/agent-x";\n',
    to: "packages/agent-x/src/index.ts",
  },
  {
    rule: "no-reaching-into-internals",
    from: "packages/cli/src/planted-internals.ts",
    text: 'import "../../config/src/parse.js";\n',
    to: "packages/config/src/parse.ts",
  },
  {
    rule: "arguments-load-nothing",
    from: "packages/cli/src/arguments/planted.ts",
    text: 'import "../commands/planted-command.js";\n',
    to: "packages/cli/src/commands/planted-command.ts",
    beside: { "packages/cli/src/commands/planted-command.ts": empty },
  },
  {
    rule: "no-circular",
    from: "packages/cli/src/planted-circle.ts",
    text: 'import type {} from "./planted-way-back.js";\n',
    to: "packages/cli/src/planted-way-back.ts",
    beside: { "packages/cli/src/planted-way-back.ts": 'import type {} from "./planted-circle.js";\n' },
  },
  {
    rule: "no-undeclared",
    from: "packages/config/src/planted-undeclared.ts",
    text: 'import "third-party";\n',
    to: "node_modules/third-party/index.js",
  },
  {
    rule: "no-undeclared",
    from: "packages/store-x/src/planted-dev-only.ts",
    text: 'import "dev-only";\n',
    to: "node_modules/dev-only/index.js",
  },
  {
    rule: "no-unresolvable",
    // not in src, where it would be undeclared too
    from: "packages/cli/e2e/planted-missing.ts",
    text: 'import "./no-such-file.js";\n',
    to: "./no-such-file.js",
  },
];
