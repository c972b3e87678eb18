// `pnpm screens`: takes the pictures of the live view that the README shows, from real runs in a real terminal.
import { spawnSync } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OBJECTIVE, type Scene, STAGES, scenes } from "./scenes.js";
import { terminalSvg } from "./terminal-svg.js";

const COLUMNS = 110;
const ROWS = 18;
const PATIENCE_MS = 60_000;
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ROOT = at("../../..");

function tmux(...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync("tmux", ["-L", "troupe-screens", "-f", "/dev/null", ...args], {
    encoding: "utf8",
  });
  if (error !== undefined) throw new Error("tmux is needed: apt-get install tmux, or brew install tmux");
  if (status !== 0) throw new Error(`tmux ${args.join(" ")}: ${stderr}`);
  return stdout;
}

async function createProject(folder: string, scene: Scene): Promise<void> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  await copyFile(at("../e2e/fixtures/scripted-claude.mjs"), join(bin, "claude"));
  await chmod(join(bin, "claude"), 0o755);
  await writeFile(join(bin, "scripted-claude.json"), JSON.stringify(scene.agent));
  const troupe = [
    process.execPath,
    "--conditions=@troupe/source",
    "--import",
    import.meta.resolve("tsx"),
    at("../src/bin.ts"),
  ];
  await writeFile(join(bin, "troupe"), `#!/bin/sh\nexec ${troupe.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  await chmod(join(bin, "troupe"), 0o755);
  const project = join(folder, "project");
  await mkdir(project);
  await writeFile(join(project, "objective.md"), OBJECTIVE);
  await writeFile(join(project, "stages.yaml"), STAGES);
  await writeFile(join(project, "troupe.yaml"), "agents: { default: claude }\n");
}

async function takePicture(folder: string, scene: Scene): Promise<string> {
  await createProject(folder, scene);
  const shell = ["env", "-u", "CI", "-u", "NO_COLOR", `PATH=${join(folder, "bin")}:${process.env.PATH}`];
  const size = ["-x", String(COLUMNS), "-y", String(ROWS)];
  tmux("-u", "new-session", "-d", ...size, "-c", join(folder, "project"), ...shell, "LANG=C.UTF-8", "PS1=$ ", "sh");
  try {
    tmux("send-keys", "-l", "clear; troupe run objective.md");
    tmux("send-keys", "Enter");
    const until = performance.now() + PATIENCE_MS;
    while (!scene.when.test(tmux("capture-pane", "-p"))) {
      if (performance.now() > until) throw new Error(`${scene.name}: never seen:\n${tmux("capture-pane", "-p")}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return terminalSvg(tmux("capture-pane", "-p", "-e"), COLUMNS, scene.title);
  } finally {
    // the run ends its agents, then the terminal may go
    tmux("send-keys", "C-c");
    tmux("send-keys", "C-c");
    const until = performance.now() + PATIENCE_MS;
    while (!/Saved\. /.test(tmux("capture-pane", "-p")) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    tmux("kill-server");
  }
}

const images = join(ROOT, "docs", "images");
await mkdir(images, { recursive: true });
for (const scene of scenes) {
  const folder = await mkdtemp(join(tmpdir(), "troupe-screens-"));
  try {
    await writeFile(join(images, `${scene.name}.svg`), await takePicture(folder, scene));
    process.stdout.write(`docs/images/${scene.name}.svg\n`);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
