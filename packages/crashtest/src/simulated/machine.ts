import type { Owner } from "@troupe/core";
import type { CrashPoint } from "./crash-points.js";
import { Disk } from "./disk.js";
import type { Random } from "./random.js";
import { SimulatedClock } from "./simulated-clock.js";
import { SimulatedProcess } from "./simulated-process.js";
import { type LossStyle, survivalOf } from "./survival.js";

export interface MachineOptions {
  readonly points: readonly CrashPoint[];
  readonly loss: LossStyle;
  readonly random: Random;
  /** Nothing may be written outside this folder. */
  readonly folder: string;
}

/** A machine with a disk and processes, on which things happen at counted calls. */
export class Machine {
  readonly clock: SimulatedClock = new SimulatedClock();
  readonly disk: Disk;
  readonly random: Random;
  readonly folder: string;
  /** Every state-changing call so far: its name and path. */
  readonly calls: string[] = [];
  /** The points that have come. */
  readonly struck: CrashPoint[] = [];
  /** Paths outside the folder that a call was to change. */
  readonly outside: string[] = [];
  readonly #options: MachineOptions;
  #processes: SimulatedProcess[] = [];
  #boots = 1;
  #started = 0;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.random = options.random;
    this.folder = options.folder;
    this.disk = new Disk(() => this.clock.now());
  }

  /** A process in a container (`namespace`): from another one nobody sees whether it lives. All have the same pid. */
  start(namespace: string): SimulatedProcess {
    this.#started += 1;
    const owner: Owner = {
      pid: 4242,
      startTime: `${this.#started}`,
      bootId: `boot-${this.#boots}`,
      pidNamespace: namespace,
      host: "simulated",
      command: "troupe resume",
    };
    const process = new SimulatedProcess(owner);
    this.#processes.push(process);
    return process;
  }

  /** As `/proc` would tell: whether the very process that `owner` names is there. A stopped one is. */
  isAlive(owner: Owner): boolean {
    return this.#processes.some(
      (process) =>
        !process.isDead && process.owner.startTime === owner.startTime && owner.bootId === `boot-${this.#boots}`,
    );
  }

  exit(process: SimulatedProcess): void {
    process.die();
    this.#processes = this.#processes.filter((other) => other !== process);
  }

  /** Counts a call; the point that is planned for it, if there is one. */
  count(call: string, path: string): CrashPoint | null {
    const isInside = path === this.folder || path.startsWith(`${this.folder}/`);
    if (!isInside && call !== "sync") this.outside.push(`${call} ${path}`); // the folder's own name has to be synced
    this.calls.push(`${call} ${path}`);
    return this.#options.points.find((point) => point.call === this.calls.length) ?? null;
  }

  strike(point: CrashPoint, process: SimulatedProcess): void {
    this.struck.push(point);
    if (point.kind === "stop") process.stop();
    else if (point.kind === "kill") this.exit(process);
    else this.losePower(this.#options.loss);
  }

  /** All processes die, and the machine boots again after a minute. */
  losePower(loss: LossStyle): void {
    for (const process of [...this.#processes]) this.exit(process);
    this.disk.losePower(survivalOf(loss, this.random));
    this.#boots += 1;
    this.clock.pass(60_000);
  }
}
