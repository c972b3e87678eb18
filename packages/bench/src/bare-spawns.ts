import { spawn } from "node:child_process";
import { once } from "node:events";

/** What a process of its own is to start: the floor of whoever starts commands from Node. */
export interface BareSpawns {
  readonly count: number;
  readonly argv: readonly string[];
  /** Memory that the process holds beside what it needs itself: a fork copies the tables of all of it. */
  readonly ballastMiB: number;
}

const { count, argv, ballastMiB }: BareSpawns = JSON.parse(process.argv[2] ?? "");
const AT_ONCE = 2;

const ballast = Buffer.alloc(ballastMiB * 1024 * 1024, 1);
let left = count;
await Promise.all(Array.from({ length: AT_ONCE }, startInTurn));
if (ballast.length !== ballastMiB * 1024 * 1024) throw new Error("the ballast has been given back");

/** With pipes for its output, in a session of its own, as a stage's command is started. */
async function startInTurn(): Promise<void> {
  const [program = "", ...args] = argv;
  for (; left > 0; ) {
    left -= 1;
    const child = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.resume();
    child.stderr.resume();
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${argv.join(" ")} ended with ${code}`);
  }
}
