import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "./drive-run.js";
import { commandProblem } from "./tools.js";

const execute = promisify(execFile);
const IMAGE_BYTES = 64 * 1024 * 1024;
/** `_IOR('X', 125, __u32)`, what ext4 and xfs call shutdown; 2 = without writing the journal of the file system first. */
const SHUTDOWN =
  'open(my $f, "<", $ARGV[0]) or die $!; my $flag = pack("L", 2); ioctl($f, 0x8004587D, $flag) or die $!;';

/** A file system of its own. */
export interface MountedFolder {
  readonly folder: string;
  /** What was written until now is on the disk. */
  sync(): Promise<void>;
  /** From here on nothing reaches the disk, nor does what waits in the page cache; everything fails. */
  cutPower(): Promise<void>;
  /** As after a reboot: what was on the disk is there. All processes on it must have ended. */
  mountAgain(): Promise<void>;
  remove(): Promise<void>;
}

/** An ext4 in a file. */
export async function mountImage(): Promise<MountedFolder> {
  const place = await mkdtemp(join(tmpdir(), "troupe-disk-"));
  const [image, folder] = [join(place, "image"), join(place, "disk")];
  await mkdir(folder);
  await writeFile(image, "");
  await truncate(image, IMAGE_BYTES);
  await execute("mkfs.ext4", ["-q", image]);
  const mount = () => execute("mount", ["-o", "loop", image, folder]);
  await mount();
  return {
    folder,
    async sync() {
      await execute("sync", ["-f", folder]);
    },
    async cutPower() {
      await execute("perl", ["-e", SHUTDOWN, folder]);
    },
    async mountAgain() {
      await unmount(folder);
      await mount();
    },
    remove: () => removeMounted(place, folder),
  };
}

/** A file system in memory that holds `bytes`. */
export async function mountMemory(bytes: number): Promise<Pick<MountedFolder, "folder" | "remove">> {
  const place = await mkdtemp(join(tmpdir(), "troupe-disk-"));
  const folder = join(place, "disk");
  await mkdir(folder);
  await execute("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder]);
  return { folder, remove: () => removeMounted(place, folder) };
}

async function removeMounted(place: string, folder: string): Promise<void> {
  await unmount(folder);
  await rm(place, { recursive: true });
}

/** Busy as long as a process that was just killed has not gone. */
async function unmount(folder: string): Promise<void> {
  await until(`${folder} to be free`, async () => (await commandProblem("umount", folder)) === null);
}

/** null = an image can be mounted and shut down here; else why not. */
export async function imageProblem(): Promise<string | null> {
  return await problemOf(async () => {
    const disk = await mountImage();
    try {
      await disk.cutPower();
    } finally {
      await disk.remove();
    }
  });
}

/** null = a file system in memory can be mounted here; else why not. */
export async function memoryProblem(): Promise<string | null> {
  return await problemOf(async () => (await mountMemory(1024 * 1024)).remove());
}

async function problemOf(attempt: () => Promise<void>): Promise<string | null> {
  try {
    await attempt();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.trim().replaceAll("\n", " ") : String(error);
  }
}
