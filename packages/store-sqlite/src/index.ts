export { type SqliteStorePluginOptions, sqliteStorePlugin as default } from "./plugin.js";
export { createSqliteStore, type SqliteStoreOptions } from "./sqlite-store.js";
