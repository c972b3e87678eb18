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

const FUSE = 0x65735546;

/** Subtypes of FUSE whose files lie on another machine. */
const NETWORK_FUSE: ReadonlySet<string> = new Set(
  (
    "sshfs s3fs rclone glusterfs gcsfuse goofys mount-s3 mountpoint-s3 davfs davfs2 curlftpfs ceph ceph-fuse juicefs " +
    "mfs moosefs lizardfs saunafs seaweedfs gvfsd-fuse blobfuse blobfuse2 hdfs onedriver google-drive-ocamlfuse " +
    "dropboxfs smbnetfs nfs keybase"
  ).split(" "),
);

/**
 * The name of the network file system that has this `type` of `statfs`, or null for a local one. `mountedAs` (see
 * {@link mountTypeOf}) tells what is behind FUSE; without it FUSE counts as local. Only on Linux: elsewhere the number is
 * an index that means nothing across machines.
 */
export function networkFileSystem(type: number, mountedAs?: string): string | null {
  if (process.platform !== "linux") return null;
  const known = type >>> 0; // some kernels sign-extend it
  if (known !== FUSE || mountedAs === undefined) return NETWORK_TYPES.get(known) ?? null;
  return NETWORK_FUSE.has(mountedAs.replace(/^fuse\./, "")) ? mountedAs : null;
}

/**
 * What the file system with device number `device` (`st_dev`) is mounted as, such as `ext4` or `fuse.sshfs`, by the text
 * of proc_pid_mountinfo(5); undefined = it is not there.
 */
export function mountTypeOf(mountInfo: string, device: number): string | undefined {
  const major = (device >>> 8) & 0xfff;
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
  const line = mountInfo.split("\n").find((one) => one.split(" ")[2] === `${major}:${minor}`);
  return line?.split(" - ")[1]?.split(" ")[0];
}
