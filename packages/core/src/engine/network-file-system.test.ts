import { expect, test } from "vitest";
import { networkFileSystem } from "./network-file-system.js";

test.runIf(process.platform === "linux")(
  "names network file systems by their type, however the kernel signs it",
  () => {
    const smb2 = 0xfe534d42;
    expect([0x6969, smb2, smb2 - 2 ** 32].map(networkFileSystem)).toEqual(["nfs", "smb2", "smb2"]);
  },
);

test("takes every other type for a local one", () => {
  const [ext4, tmpfs] = [0xef53, 0x01021994];
  expect([ext4, tmpfs, 0].map(networkFileSystem)).toEqual([null, null, null]);
});
