#!/usr/bin/env node
// Order matters: the guard, the answers that need nothing, the compile cache, then everything else.
import { answerAtOnce } from "./answer-at-once.js";
import { setRunFlags } from "./run/v8-flags.js";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`error: Node ${process.version} is too old, troupe needs 22.13 or later\n`);
  process.exit(6);
}
const words = process.argv.slice(2);
const answer = answerAtOnce(words, () => process.stdout.columns);
if (answer === null) void start();
else {
  process.stdout.on("error", () => {}); // a closed pipe is no failure
  process.stdout.write(answer);
}

async function start(): Promise<void> {
  process.exitCode = 13; // as Node has it for a program that ends before it is done
  process.getBuiltinModule("node:module").enableCompileCache(cacheFolder());
  if (words.includes("run") || words.includes("resume")) setRunFlags(); // what is loaded for a run counts in full
  // files with the same start: three of them hold all that the words seem to ask for
  const { main } = await loadMain();
  await main();
}

async function loadMain(): Promise<{ main(): Promise<void> }> {
  if (words.includes("validate")) return await import("./main-validate.js");
  if (words.includes("status")) return await import("./main-status.js");
  return words.includes("list") ? await import("./main-list.js") : await import("./main.js");
}

/** Where Node keeps its compile cache by itself; not asked of `node:os`, which would be loaded for it. undefined = ask. */
function cacheFolder(): string | undefined {
  const { NODE_COMPILE_CACHE: given, TMPDIR, TMP, TEMP } = process.env;
  if (given !== undefined || process.platform === "win32") return given;
  return `${TMPDIR || TMP || TEMP || "/tmp"}/node-compile-cache`;
}
