import { existsSync } from "node:fs";
import { manifest, publishedFiles, sourceFiles } from "./repository-files.js";

const oldest = Number(manifest.engines.node.replace(/\D/g, ""));
const problems = [];
if (Number(process.versions.node.split(".")[0]) < oldest) {
  problems.push(`Node ${manifest.engines.node} is needed, this is ${process.version}`);
}
for (const path of [manifest.exports, ...manifest.files]) {
  if (!existsSync(path)) problems.push(`package.json names ${path}, which does not exist`);
}
if (problems.length === 0) {
  console.log(`${manifest.name} ${manifest.version} on Node ${process.version}`);
  console.log(`${sourceFiles().length} source files, ${publishedFiles().length} files to publish`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
