import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sourceFiles } from "./repository-files.js";

const LONGEST_LINE = 120;

/** Each rule gets a line and the path of its file, and returns what is wrong or null. */
const RULES = [
  (line) => (/\s$/.test(line) ? "white space at the end" : null),
  (line) => (line.includes("\t") ? "a tab" : null),
  (line) => (line.length > LONGEST_LINE ? `${line.length} letters, at most ${LONGEST_LINE} are allowed` : null),
  (line, path) => (path.startsWith("src/") && /\bconsole\./.test(line) ? "a library does not print" : null),
  (line, path) => (path.startsWith("test/") && /\.only\(/.test(line) ? "the other tests would not run" : null),
  (line, path) => {
    const target = /\bfrom "(\.[^"]+)"/.exec(line)?.[1];
    if (target === undefined || existsSync(join(dirname(path), target))) return null;
    return `${target} does not exist`;
  },
];

const files = sourceFiles();
let problems = 0;
for (const path of files) {
  const text = readFileSync(path, "utf8");
  const found = text.split("\n").flatMap((line, index) =>
    RULES.map((rule) => rule(line, path))
      .filter((problem) => problem !== null)
      .map((problem) => `${path}:${index + 1}: ${problem}`),
  );
  if (!text.endsWith("\n")) found.push(`${path}: no line break at the end`);
  for (const problem of found) console.error(problem);
  problems += found.length;
}
console.log(`${files.length} files, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;
