import { CHECK_BUGS } from "./check-bugs.js";
import { ENGINE_BUGS } from "./engine-bugs.js";
import type { PlantedBug } from "./planted-bug.js";
import { SYNC_BUGS } from "./sync-bugs.js";

export const PLANTED_BUGS: readonly PlantedBug[] = [...SYNC_BUGS, ...CHECK_BUGS, ...ENGINE_BUGS];
