// A linter for workflow files: nothing is run, no other package of Troupe is needed.
// usage: node lint.js FILE...; exit code 1 when there are mistakes.
import { formatDiagnostics, parseWorkflow, readTextFile } from "@troupe/config";

let mistakes = 0;
for (const file of process.argv.slice(2)) {
  const read = await readTextFile(file);
  const diagnostics = read.text === null ? read.diagnostics : parseWorkflow(read.text, file).diagnostics;
  if (diagnostics.length > 0) console.log(formatDiagnostics(diagnostics, new Map([[file, read.text ?? ""]])));
  mistakes += diagnostics.filter(({ severity }) => severity === "error").length;
}
console.log(mistakes === 0 ? "fine" : `${mistakes} mistakes`);
process.exitCode = mistakes === 0 ? 0 : 1;
