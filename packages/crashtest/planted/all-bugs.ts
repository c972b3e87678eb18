import { CHECK_BUGS } from "./check-bugs.js";
import { ENGINE_BUGS } from "./engine-bugs.js";
import type { PlantedBug } from "./planted-bug.js";
import { SYNC_BUGS } from "./sync-bugs.js";

/** Of the other store, only what it does beside SQLite. */
const SQLITE_BUGS: readonly PlantedBug[] = [
  {
    name: "a reader believes a commit that nobody has synced",
    file: "store-sqlite/src/database-file.ts",
    find: "    syncWhatIsThere(path);\n",
    replace: "",
    foundBy: ["store-sqlite/src/durable-read.test.ts"],
  },
];

export const PLANTED_BUGS: readonly PlantedBug[] = [...SYNC_BUGS, ...CHECK_BUGS, ...ENGINE_BUGS, ...SQLITE_BUGS];
