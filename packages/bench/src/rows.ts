import type { BenchRow } from "./bench-row.js";
import { commands } from "./commands.js";
import { fanOut } from "./fan-out.js";
import { growth } from "./growth.js";
import { largeOutputs } from "./large-outputs.js";
import { liveConsole } from "./live-console.js";
import { memory } from "./memory.js";
import { resume } from "./resume.js";
import { sequential } from "./sequential.js";
import { skewedGroup } from "./skewed-group.js";
import { startUp } from "./start-up.js";

/** Every row, in the order of the table. */
export const ROWS: readonly BenchRow[] = [
  sequential,
  fanOut,
  skewedGroup,
  growth,
  memory,
  largeOutputs,
  resume,
  commands,
  startUp,
  liveConsole,
];
