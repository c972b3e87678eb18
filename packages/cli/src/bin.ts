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
  process.getBuiltinModule("node:module").enableCompileCache();
  if (words.includes("run") || words.includes("resume")) setRunFlags(); // what is loaded for a run counts in full
  // three files with the same start: two of them hold all that the words seem to ask for
  const { main } = words.includes("validate")
    ? await import("./main-validate.js")
    : words.includes("list") || words.includes("status")
      ? await import("./main-look.js")
      : await import("./main.js");
  await main();
}
