import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveInside } from "./resolve-inside.js";

let root = "";
let outside = "";

beforeEach(async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "troupe-")));
  root = join(folder, "root");
  outside = join(folder, "outside");
  await mkdir(join(root, "real"), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, "secret"), "");
});

afterEach(async () => {
  await rm(join(root, ".."), { recursive: true });
});

async function refusal(path: string): Promise<string> {
  const error: unknown = await resolveInside(root, path).catch((refused: unknown) => refused);
  return error instanceof Error && "code" in error
    ? `${error.code}: ${error.message.split(": ").at(-1)}`
    : String(error);
}

test("a path below the root is fine, whether its parts exist or not", async () => {
  await writeFile(join(root, "real", "a.md"), "");
  expect(await resolveInside(root, "real/a.md")).toBe(join(root, "real", "a.md"));
  expect(await resolveInside(root, "new/deeper/b.md")).toBe(join(root, "new", "deeper", "b.md"));
  expect(await resolveInside(root, "c.md")).toBe(join(root, "c.md"));
});

test.each([
  ["/etc/passwd", "it is absolute"],
  ["../outside/secret", 'it has a part ".."'],
  ["real/../../outside/secret", 'it has a part ".."'],
  ["a\0b", "it has a NUL character"],
  ["nul.txt", '"nul.txt" is a device name on Windows'],
])("%j is refused by its text", async (path, problem) => {
  expect(await refusal(path)).toBe(`PATH_OUTSIDE: ${problem}`);
});

test("a link that stays below the root is followed", async () => {
  await symlink("real", join(root, "link"));
  await writeFile(join(root, "real", "a.md"), "");
  await symlink(join("real", "a.md"), join(root, "file-link"));
  expect(await resolveInside(root, "link/a.md")).toBe(join(root, "real", "a.md"));
  expect(await resolveInside(root, "link/new.md")).toBe(join(root, "real", "new.md"));
  expect(await resolveInside(root, "file-link")).toBe(join(root, "real", "a.md"));
});

test("links that lead out are refused: a file, a folder, one above what does not exist, the root itself", async () => {
  await symlink(join(outside, "secret"), join(root, "file"));
  await symlink(outside, join(root, "folder"));
  await symlink(root, join(root, "self"));
  const problem = "PATH_OUTSIDE: a symbolic link leads out of the folder";
  for (const path of ["file", "folder", "folder/secret", "folder/new/deeper", "self"]) {
    expect([path, await refusal(path)]).toEqual([path, problem]);
  }
});

test("a dangling link is refused: it could be made to lead anywhere", async () => {
  await symlink(join(outside, "absent"), join(root, "dangling"));
  await symlink("absent", join(root, "inner"));
  expect(await refusal("dangling")).toBe("PATH_OUTSIDE: a symbolic link leads out of the folder");
  expect(await refusal("inner")).toBe("PATH_OUTSIDE: a symbolic link leads out of the folder");
  expect(await refusal("dangling/x")).toBe("PATH_OUTSIDE: a symbolic link leads out of the folder");
  expect(await refusal("dangling/x/y/z")).toBe("PATH_OUTSIDE: a symbolic link leads out of the folder");
});

test("a root that is reached through a link is the folder behind it", async () => {
  await symlink(root, join(outside, "root-link"));
  expect(await resolveInside(join(outside, "root-link"), "real/a.md")).toBe(join(root, "real", "a.md"));
});

test("a file where a folder should be is an error, not a way out", async () => {
  await writeFile(join(root, "file"), "");
  await expect(resolveInside(root, "file/a/b")).rejects.toThrow();
});
