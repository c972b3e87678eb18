import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder } from "../test/real-processes.js";
import { describeCommand } from "./describe-command.js";
import { findProgram } from "./find-program.js";

test("a command is shown as a person would type it, on one line, without control characters", () => {
  expect(describeCommand({ argv: ["npm", "run", "a b", "it's", "", "--x=1"] })).toBe(
    "npm run 'a b' 'it'\\''s' '' --x=1",
  );
  expect(describeCommand({ argv: ["echo", "a\nb\u001b[31mred"] })).toBe("echo 'a bred'");
  expect(describeCommand({ shell: "npm test &&\n  npm run lint" })).toBe("npm test && npm run lint");
});

test("a program is found on the search path or by its path, and only if it may be executed", async () => {
  await inFolder(async (folder) => {
    const bin = join(folder, "bin");
    await mkdir(join(bin, "folder"), { recursive: true });
    await writeFile(join(bin, "plain"), "");
    await writeFile(join(bin, "tool"), "");
    await chmod(join(bin, "tool"), 0o755);
    const find = (program: string, searchPath: string | undefined = `/nowhere:${bin}`): Promise<string | null> =>
      findProgram({ program, searchPath, folder });
    expect(await find("tool")).toBe(join(bin, "tool"));
    expect(await find("bin/tool")).toBe(join(bin, "tool"));
    expect(await find(join(bin, "tool"))).toBe(join(bin, "tool"));
    expect(await find("tool", "bin")).toBe(join(bin, "tool"));
    for (const none of ["plain", "folder", "missing", "", "./tool"]) expect(await find(none)).toBe(null);
    expect(await findProgram({ program: "tool", searchPath: undefined, folder })).toBe(null);
  });
});
