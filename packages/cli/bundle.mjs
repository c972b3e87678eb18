// Puts the command and all that it loads into a few files: looking for a hundred modules, one by one, takes longer than
// whatever a command does. See docs/decisions/0021-the-command-is-bundled.md.
import { spawnSync } from "node:child_process";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { builtinModules, createRequire } from "node:module";
import { basename, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { compileAtOnce } from "./eager-functions.mjs";
import { functionsAtStart } from "./functions-at-start.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const require = createRequire(import.meta.url);
const { dependencies } = require("./package.json");

const options = {
  absWorkingDir: folder,
  bundle: true,
  conditions: ["@troupe/source"], // module by module: of a package in one file less can be left out
  platform: "node",
  format: "esm",
  target: "node22.13",
  minifyWhitespace: true, // less to read at every start; names stay, for the traces of mistakes of our own
  logLevel: "warning",
};

/** All of the command, in files by what each command needs. */
const whole = { ...options, entryPoints: ["src/main.ts", "src/index.ts"], outdir: "dist", splitting: true };

/**
 * Commands that are typed most have all that they need in one file besides: finding and reading thirty files takes as
 * long as starting Node does. As CommonJS, because the loader of ES modules alone takes a tenth of a start. By entry the
 * modules that are put in although they are only imported when needed.
 */
const IN_ONE_FILE = {
  "src/bin.ts": [],
  "src/main-list.ts": ["src/command-context.ts", "src/commands/list.ts", "@troupe/store-fs"],
  "src/main-status.ts": ["src/command-context.ts", "src/commands/status.ts", "@troupe/store-fs"],
  "src/main-validate.ts": [
    "src/commands/validate.ts",
    "src/plugins/check-plugins.ts",
    "@troupe/store-fs",
    "@troupe/agent-command",
  ],
};

/**
 * Modules of Node are loaded when something of them is used: an import loads each with all that it has, and `node:crypto`
 * alone costs a third of a start of Node. `used` has the names that are imported, by module.
 */
function lazyBuiltins(used) {
  return {
    name: "lazy-builtins",
    setup(bundler) {
      bundler.onResolve({ filter: BUILTIN }, ({ path, kind }) =>
        kind === "dynamic-import" ? { path, external: true } : { path: prefixed(path), namespace: "builtin" },
      );
      bundler.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
        contents: lazily(path, used.get(path) ?? null),
        loader: "js",
      }));
    },
  };
}

/** Modules of Node that every process has loaded. */
const ALWAYS_LOADED = ["node:fs", "node:path"];

const SEEN = Symbol("it was asked for by ourselves");
const BUILTIN = new RegExp(`^(node:.+|${builtinModules.join("|")})$`);

function prefixed(path) {
  return path.startsWith("node:") ? path : `node:${path}`;
}

/** Some code wants the module as a whole: then `names` is null, or holds its default export. */
function lazily(path, names) {
  const module = `process.getBuiltinModule(${JSON.stringify(path)})`;
  if (names === null || names.includes("default")) return `module.exports = ${module};`;
  const getters = names.map((name) => `get ${name}() { return load().${name}; }`);
  return `let found;
const load = () => (found ??= ${module});
module.exports = { ${getters.join(", ")} };
`;
}

/** The names that are imported from each module of Node, as a first build leaves them. */
async function usedBuiltins(options) {
  const { outputFiles } = await build({ ...options, format: "esm", minifyWhitespace: false, write: false });
  const used = new Map();
  const imports = /^import (?:(?<whole>\w+)|\{(?<names>[^}]+)\}) from "(?<path>node:[^"]+)";$/gm;
  for (const { text } of outputFiles) {
    for (const { groups } of text.matchAll(imports)) {
      const names = groups.whole === undefined ? groups.names.split(",") : ["default"];
      const known = used.get(groups.path) ?? new Set();
      for (const name of names) known.add(name.trim().split(" ")[0]);
      used.set(groups.path, known);
    }
  }
  return new Map([...used].map(([path, names]) => [path, [...names]]));
}

const versions = Object.fromEntries(
  Object.keys(dependencies)
    .filter((name) => name.startsWith("@troupe/"))
    .map((name) => [name, require(`${name}/package.json`).version]),
);

for (const name of await readdir(new URL("dist", import.meta.url))) {
  if (/\.(c?js|txt)$/.test(name)) await rm(new URL(`dist/${name}`, import.meta.url)); // of an earlier build
}
const define = { INLINED_VERSIONS: JSON.stringify(JSON.stringify(versions)) };
const { metafile } = await build({
  ...whole,
  define,
  plugins: [lazyBuiltins(await usedBuiltins(whole))],
  metafile: true,
});
await writeFile(new URL("dist/THIRD-PARTY.txt", import.meta.url), await noticesOf(Object.keys(metafile.inputs)));
for (const [entry, inside] of Object.entries(IN_ONE_FILE)) await bundleInOneFile(entry, inside, metafile);
for (const [file, ran] of await functionsAtStart(`${folder}dist/bin.cjs`)) {
  if (!file.endsWith(".cjs")) continue;
  const place = new URL(`dist/${file}`, import.meta.url);
  await writeFile(place, compileAtOnce(await readFile(place, "utf8"), ran));
}

/** One file with an entry and what is `inside`; whatever else is imported when needed comes from the files of `metafile`. */
async function bundleInOneFile(entry, inside, { outputs }) {
  const files = new Map(Object.entries(outputs).map(([file, { entryPoint }]) => [entryPoint, `./${basename(file)}`]));
  const isInside = (path, source) => inside.includes(path) || inside.includes(source);
  const outside = {
    name: "outside",
    setup(bundler) {
      bundler.onResolve({ filter: /./ }, async ({ path, kind, pluginData, ...from }) => {
        if (BUILTIN.test(path)) return { path: prefixed(path), external: true };
        if (kind !== "dynamic-import" || pluginData === SEEN) return null;
        const found = await bundler.resolve(path, { ...from, kind, pluginData: SEEN });
        const source = relative(folder, found.path);
        if (isInside(path, source)) throw new Error(`${from.importer} imports ${path} in a way that is not understood`);
        const file = source in IN_ONE_FILE ? `./${basename(source, ".ts")}.cjs` : files.get(source);
        if (file === undefined) throw new Error(`${entry} imports ${path}, which has no file of its own`);
        return { path: file, external: true };
      });
      bundler.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({
        contents: importedAtOnce(await readFile(path, "utf8"), (name) =>
          isInside(name, relative(folder, resolve(dirname(path), name)).replace(/\.js$/, ".ts")),
        ),
        loader: "ts",
      }));
    },
  };
  const { outputFiles } = await build({
    ...options,
    entryPoints: [entry],
    plugins: [outside],
    format: "cjs",
    define: { ...define, "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
    write: false,
  });
  // an import of such a file would begin with the loader of ES modules
  const text = outputFiles[0].text.replaceAll(/\bimport\(("\.\/[\w-]+\.cjs")\)/g, "require($1)");
  // without a format the names of the top level stay, which are those of functions in the traces of mistakes of our own
  const local = { minifyIdentifiers: true, minifyWhitespace: true, treeShaking: true };
  const shorter = await transform(builtinsWhenUsed(text), local);
  await writeFile(new URL(`dist/${basename(entry, ".ts")}.cjs`, import.meta.url), shorter.code, { mode: 0o755 });
}

/**
 * The text of a module that imports what `isInside` when it is needed, importing it at its beginning: modules that lie in
 * one file need no code that loads them, and what nobody uses of them is left out.
 */
function importedAtOnce(text, isInside) {
  const names = new Map();
  const code = text.replaceAll(/\bimport\(("[^"]+")\)/g, (whole, quoted) => {
    if (!isInside(JSON.parse(quoted))) return whole;
    if (!names.has(quoted)) names.set(quoted, `inside${names.size}`);
    return `Promise.resolve(${names.get(quoted)})`;
  });
  return [...names].map(([quoted, name]) => `import * as ${name} from ${quoted};\n`).join("") + code;
}

/** Loads modules of Node when something of them is used, see {@link lazyBuiltins}, and those that are there anyway at once. */
function builtinsWhenUsed(text) {
  const found = /\bvar (\w+)=(?:__toESM\()?require\("(node:[^"]+)"\)(?:,1\))?;/g;
  const loaded = new Map();
  return text.replaceAll(found, (_whole, variable, path) => {
    const load = `process.getBuiltinModule(${JSON.stringify(path)})`;
    if (ALWAYS_LOADED.includes(path)) {
      const known = loaded.get(path) ?? load;
      loaded.set(path, variable);
      return `var ${variable}=${known};`;
    }
    const names = new Set([...text.matchAll(new RegExp(`\\b${variable}\\.(\\w+)`, "g"))].map(([, name]) => name));
    if (names.has("default")) throw new Error(`the default export of ${path} is imported`);
    return `var ${variable}={${[...names].map((name) => `get ${name}(){return ${load}.${name}}`).join(",")}};`;
  });
}

/** The licences of what others wrote and the command holds. */
async function noticesOf(inputs) {
  const homes = new Set(
    inputs.flatMap((path) => /^.*\/node_modules\/(?!@troupe\/)(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const notices = [];
  for (const home of [...homes].sort()) {
    const { name, version, license } = JSON.parse(
      await readFile(new URL(`${home}/package.json`, import.meta.url), "utf8"),
    );
    notices.push(`${name} ${version} (${license})\n\n${await licenceIn(home)}`);
  }
  return notices.join(`\n${"-".repeat(80)}\n\n`);
}

async function licenceIn(home) {
  for (const name of ["LICENSE", "license", "LICENSE.md", "LICENCE", "license.md"]) {
    const text = await readFile(new URL(`${home}/${name}`, import.meta.url), "utf8").catch(() => null);
    if (text !== null) return text;
  }
  return "It comes without the text of its licence.\n";
}

// what `troupe --help` prints, for `answerAtOnce`
const help = spawnSync(process.execPath, [`${folder}dist/bin.cjs`, "--help"], { encoding: "utf8" });
if (help.status !== 0) throw new Error(`the built command does not start: ${help.stderr}`);
await writeFile(new URL("dist/help.txt", import.meta.url), help.stdout);
