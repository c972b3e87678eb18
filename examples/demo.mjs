// Runs both examples on copies in demo-work/: no network, no login, as often as one likes.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const work = join(root, "demo-work");
const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");
const cli = join(root, "packages", "cli", "src", "bin.ts");

/** A fresh copy of an example's project, as a git repository of its own. */
function prepare(name, extra = []) {
  const folder = join(work, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "examples", name, "project"), folder, { recursive: true });
  for (const file of extra) cpSync(join(root, "examples", name, file), join(folder, file));
  const git = (...args) => execFileSync("git", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  git("init", "--quiet");
  git("add", "--all");
  git("-c", "user.name=Troupe demo", "-c", "user.email=demo@example.org", "commit", "--quiet", "--message", "Start");
  return folder;
}

function troupe(folder, ...args) {
  const command = [tsx, "--conditions=@troupe/source", cli, ...args];
  const { status } = spawnSync(process.execPath, command, { cwd: folder, stdio: "inherit" });
  if (status !== 0) {
    console.error(`\nThe demo failed: troupe ${args[0]} ended with exit code ${status}.`);
    process.exit(status ?? 1);
  }
}

const say = (text) => console.log(`\n${text}\n`);

say(
  "1. The built-in workflow on an objective. The agents are recorded: they write real files, and the checks are real.",
);
const objective = prepare("objective-demo");
const example = join(root, "examples", "objective-demo");
troupe(objective, "run", join(example, "objective.md"), "--agent", `all=replay:${join(example, "cassette.jsonl")}`);
console.log("\nWhat the workflow changed:");
execFileSync("git", ["add", "--all"], { cwd: objective });
execFileSync("git", ["--no-pager", "diff", "--cached", "--stat"], { cwd: objective, stdio: "inherit" });

say("2. A workflow without any agent: commands, three of them side by side.");
const commands = prepare("commands-only", ["stages.yaml", "objective.md"]);
troupe(commands, "run", "objective.md");

const near = (path) => relative(process.cwd(), path);
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const places = [
  [near(join(objective, "src", "settle.js")), "the feature that was built"],
  [near(join(objective, ".troupe", "runs")), "one folder a run: journal, artifacts, logs"],
  [`npx -y ${packageManager} troupe status --cwd ${near(objective)}`, "what each stage did"],
  [`npx -y ${packageManager} troupe logs --cwd ${near(objective)}`, "what the agents and checks wrote"],
];
const width = Math.max(...places.map(([place]) => place.length));
say(`Where to look:\n${places.map(([place, what]) => `  ${place.padEnd(width)}   ${what}`).join("\n")}`);
