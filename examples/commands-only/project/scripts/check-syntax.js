import { execFile } from "node:child_process";
import { sourceFiles } from "./repository-files.js";

function check(path) {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--check", path], (error, _stdout, stderr) => {
      resolve({ path, problem: error === null ? null : stderr.trim() || error.message });
    });
  });
}

const results = await Promise.all(sourceFiles().map(check));
for (const { path, problem } of results) {
  console.log(`${problem === null ? "ok" : "failed"}  ${path}`);
  if (problem !== null) console.error(problem);
}
process.exitCode = results.some(({ problem }) => problem !== null) ? 1 : 0;
