#!/usr/bin/env node
import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command/run-command.js";
import { CHILD_JOBS, performInStore } from "./command/store-process.js";

const argv = process.argv.slice(2);
const job = CHILD_JOBS.find((each) => each === argv[0]);
if (job !== undefined) {
  // one write call for each line: what was printed has left this process when it is killed
  await performInStore(job, argv.slice(1), (line) => void writeSync(1, `${line}\n`));
} else {
  const exitCode = await runCommand(argv, {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    self: [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url)],
  });
  // a plugin that leaves a timer behind must not keep the command from ending; what is written goes out first
  process.stdout.write("", () => process.exit(exitCode));
}
