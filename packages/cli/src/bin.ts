#!/usr/bin/env node
// Order matters: the guard, then the compile cache, then everything else by a dynamic import.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`error: Node ${process.version} is too old, troupe needs 22.13 or later\n`);
  process.exit(6);
}
const { enableCompileCache } = await import("node:module");
enableCompileCache();
await import("./main.js");

export {};
