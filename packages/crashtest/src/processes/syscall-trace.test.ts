import { expect, test } from "vitest";
import { changedPaths, findPoints, injectionArguments } from "./syscall-trace.js";

const TRACE = `10  clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD, stack=0x7f} => {parent_tid=[11]}, 88) = 11
11  mkdir("/p/.troupe", 0700)    = 0
10  write(21</p/.troupe/journal>, "a", 1 <unfinished ...>
11  mkdir("/p/.troupe", 0700)    = -1 EEXIST (File exists)
10  <... write resumed>)         = 1
10  clone(child_stack=0x7f, flags=CLONE_VM|CLONE_VFORK|SIGCHLD <unfinished ...>
12  write(5</p/.troupe/latest/a.md>, "a", 1) = 1
12  write(6</p/.troupe/shared>, "a", 1) = 1
10  <... clone resumed>)         = 12
10  write(7</p/.troupe/shared>, "a", 1) = 1
10  openat(AT_FDCWD</p>, "/p/.troupe/journal", O_RDONLY) = 22</p/.troupe/journal>
11  openat(AT_FDCWD</p>, "/p/.troupe/journal", O_RDWR|O_CREAT, 0600) = 22</p/.troupe/journal>
10  openat(AT_FDCWD</p>, "/p/.troupe/journal", O_RDWR|O_CREAT, 0600) = 22</p/.troupe/journal>
10  ftruncate(21</p/.troupe/draft>(deleted), 0) = 0
10  rename("/p/a", "/p/b") = 0
`;

test("points are the changing calls of own threads, counted as strace counts: by thread, call and path", () => {
  expect(
    findPoints(TRACE, { folder: "/p", runSuffix: "abcdef" }).map(({ call, path, n }) => `${call} ${path} ${n}`),
  ).toEqual([
    "mkdir .troupe 1",
    "write .troupe/journal 1",
    // the write to `shared` is left out: a child would die in its place; so is the first openat of 11, behind 10's
    "openat .troupe/journal 2",
    "ftruncate .troupe/draft 1",
  ]);
});

test("changed paths are those that the command line itself made or changed, wherever they are", () => {
  expect(changedPaths(TRACE)).toEqual([
    "/p/.troupe",
    "/p/.troupe/journal",
    "/p/.troupe/shared",
    "/p/.troupe/draft",
    "/p/a",
    "/p/b",
  ]);
});

test("an injection names the call, its path and its count", () => {
  const place = { folder: "/p", runSuffix: "abcdef", traceFile: "/t" };
  expect(injectionArguments({ call: "fsync", path: ".troupe/runs/x-RUN", n: 2 }, "error=EIO", place).join(" ")).toBe(
    "strace -D -f -qq -P /p/.troupe/runs/x-abcdef -e trace=fsync -e inject=fsync:error=EIO:when=2 -o /t",
  );
});
