import type { FileSystemPort, OpenFile } from "../src/file-system-port.js";
import { nodeFileSystem } from "../src/node-file-system.js";

/** What happens instead of the real thing; undefined = the real thing. */
export interface Faults {
  /** A number: so many bytes are written and no more. */
  readonly write?: (path: string, bytes: Uint8Array) => number | Error | undefined;
  /** Also after the bytes were written. */
  readonly afterWrite?: (path: string) => Error | undefined;
  readonly datasync?: (path: string) => Error | undefined;
  readonly sync?: (path: string) => Error | undefined;
  readonly read?: (path: string) => Error | undefined;
  /** Of an open file. */
  readonly fileStatus?: (path: string) => Error | undefined;
  /** Any of the calls that take a path. */
  readonly call?: (name: string, path: string) => Error | undefined;
  readonly volumeType?: number;
  readonly mountedAs?: string;
}

/** A system error with this code. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** The real file system, but for the faults. */
export function faultyFileSystem(faults: Faults): FileSystemPort {
  const call = async <T>(name: string, path: string, real: () => Promise<T>): Promise<T> => {
    const error = faults.call?.(name, path);
    if (error !== undefined) throw error;
    return real();
  };
  return {
    open: (path, flags) =>
      call("open", path, async () => faultyFile(path, await nodeFileSystem.open(path, flags), faults)),
    makeFolder: (path) => call("makeFolder", path, () => nodeFileSystem.makeFolder(path)),
    rename: (from, to) => call("rename", to, () => nodeFileSystem.rename(from, to)),
    link: (from, to) => call("link", to, () => nodeFileSystem.link(from, to)),
    unlink: (path) => call("unlink", path, () => nodeFileSystem.unlink(path)),
    removeTree: (path) => call("removeTree", path, () => nodeFileSystem.removeTree(path)),
    status: (path) => call("status", path, () => nodeFileSystem.status(path)),
    list: (path) => call("list", path, () => nodeFileSystem.list(path)),
    volume: (path) =>
      call("volume", path, async () => {
        const volume = await nodeFileSystem.volume(path);
        const { volumeType = volume.type, mountedAs = volume.mountedAs } = faults;
        return { ...volume, type: volumeType, ...(mountedAs === undefined ? {} : { mountedAs }) };
      }),
  };
}

function faultyFile(path: string, file: OpenFile, faults: Faults): OpenFile {
  const before = async <T>(error: Error | undefined, real: () => Promise<T>): Promise<T> => {
    if (error !== undefined) throw error;
    return real();
  };
  return {
    ...file,
    async write(bytes) {
      const fault = faults.write?.(path, bytes);
      if (fault instanceof Error) throw fault;
      const count = await file.write(bytes.subarray(0, fault ?? bytes.length));
      const late = faults.afterWrite?.(path);
      if (late !== undefined) throw late;
      return count;
    },
    read: (buffer, position) => before(faults.read?.(path), () => file.read(buffer, position)),
    status: () => before(faults.fileStatus?.(path), file.status),
    datasync: () => before(faults.datasync?.(path), file.datasync),
    sync: () => before(faults.sync?.(path), file.sync),
  };
}
