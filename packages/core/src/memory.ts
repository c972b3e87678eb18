export { createMemoryStore, type MemoryStoreOptions } from "./engine/memory-store.js";
