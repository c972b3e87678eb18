export type { FileStatus, FileSystemPort, OpenFile } from "./file-system-port.js";
export { createFsStore, DEFAULT_MAX_LOG_BYTES, type FsStoreOptions } from "./fs-store.js";
export { type FsStorePluginOptions, fsStorePlugin as default } from "./plugin.js";
