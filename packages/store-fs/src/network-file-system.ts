import type { FileSystemPort } from "./file-system-port.js";

/** `f_type` of statfs(2), as of linux/magic.h and the sources of the file systems that are not in it. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, "nfs"],
  [0x517b, "smb"],
  [0xfe534d42, "smb2"],
  [0xff534d42, "cifs"],
  [0x01021997, "9p"],
  [0x5346414f, "afs"],
  [0x6b414653, "kafs"],
  [0x73757245, "coda"],
  [0x564c, "ncp"],
  [0x00c36400, "ceph"],
  [0x0bd00bd0, "lustre"],
  [0x47504653, "gpfs"],
  [0x19830326, "beegfs"],
  [0x786f4256, "vboxsf"],
]);

/** The name of the network file system that `folder` lies on, or null when it is a local one. */
export async function networkFileSystem(fs: FileSystemPort, folder: string): Promise<string | null> {
  // The numbers are Linux's; elsewhere `f_type` is an index that means nothing across machines.
  if (process.platform !== "linux") return null;
  const { type } = await fs.volume(folder);
  return NETWORK_TYPES.get(type >>> 0) ?? null; // some kernels sign-extend it
}
