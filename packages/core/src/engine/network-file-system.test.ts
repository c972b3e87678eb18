import { expect, test } from "vitest";
import { mountTypeOf, networkFileSystem } from "./network-file-system.js";

test.runIf(process.platform === "linux")(
  "names network file systems by their type, however the kernel signs it",
  () => {
    const smb2 = 0xfe534d42;
    expect([0x6969, smb2, smb2 - 2 ** 32].map((type) => networkFileSystem(type))).toEqual(["nfs", "smb2", "smb2"]);
  },
);

test("takes every other type for a local one", () => {
  const [ext4, tmpfs] = [0xef53, 0x01021994];
  expect([ext4, tmpfs, 0].map((type) => networkFileSystem(type))).toEqual([null, null, null]);
});

const FUSE = 0x65735546;
const MOUNTS = `30 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
91 30 0:47 / /home/me/far rw,nosuid shared:50 - fuse.sshfs me@far:/ rw,user_id=0
92 30 8:257 / /data rw shared:51 - fuseblk /dev/sdq1 rw
`;

test("tells by its device number what a folder's file system is mounted as", () => {
  const device = (major: number, minor: number) => (major << 8) | (minor & 0xff) | ((minor & ~0xff) << 12);
  expect(mountTypeOf(MOUNTS, device(0, 47))).toBe("fuse.sshfs");
  expect(mountTypeOf(MOUNTS, device(254, 1))).toBe("ext4");
  expect(mountTypeOf(MOUNTS, device(8, 257))).toBe("fuseblk");
  expect(mountTypeOf(MOUNTS, device(9, 9))).toBeUndefined();
});

test.runIf(process.platform === "linux")("knows network file systems behind FUSE and leaves local ones alone", () => {
  expect(networkFileSystem(FUSE, "fuse.sshfs")).toBe("fuse.sshfs");
  for (const local of ["fuseblk", "fuse.bindfs", "fuse", undefined]) expect(networkFileSystem(FUSE, local)).toBeNull();
});
