import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { StoreName } from "./stores.js";

const execFileAsync = promisify(execFile);

/** What a process of its own is to do: only there memory and cold code are those of one run. */
export type ChildTask =
  /** The packages that a run needs are loaded, and nothing is done with them. */
  | { readonly do: "load"; readonly store: StoreName; readonly folder: string }
  /** Empty jobs through p-queue. */
  | { readonly do: "queue"; readonly jobs: number; readonly concurrency: number }
  /** Empty jobs through p-queue, each durable before the next one begins, and nothing else. */
  | { readonly do: "bare-loop"; readonly folder: string; readonly jobs: number; readonly concurrency: number }
  /** One run from its first entry to its end. */
  | {
      readonly do: "run";
      readonly store: StoreName;
      readonly folder: string;
      readonly stages: number;
      /** Chains side by side; null = one group with a gate. */
      readonly lanes: number | null;
      readonly concurrency: number;
      /** Of the text that each turn returns. */
      readonly outputBytes: number;
      /** Only so many stages, then it is stopped. */
      readonly stopAfter: number | null;
    }
  /** The floor of a run's memory: its definition made, written and read back, as the journal has it, and nothing else. */
  | { readonly do: "define"; readonly folder: string; readonly stages: number; readonly lanes: number }
  /** The floor of reading a run: every line of the journal of a run through `JSON.parse`. */
  | { readonly do: "parse"; readonly folder: string }
  /** Takes a run that is there: the time to its first new turn. */
  | { readonly do: "resume"; readonly store: StoreName; readonly folder: string; readonly after: number };

/** What a process measured. */
export interface ChildReport {
  readonly ms: number;
  /** Largest resident memory, bytes. */
  readonly peakBytes: number;
  /** Appends that were acknowledged: each is one sync. */
  readonly appends: number;
  /** Processor time from the start of the process, ms. */
  readonly cpuMs: number;
}

const PEAK_OF_BARE_NODE = "process.stdout.write(String(process.resourceUsage().maxRSS * 1024))";

/** The largest resident memory of a Node that does nothing, bytes. */
export async function peakOfBareNode(): Promise<number> {
  const { stdout } = await execFileAsync(process.execPath, ["-e", PEAK_OF_BARE_NODE]);
  return Number(stdout);
}

/** Does a task in a process of its own. Rejects with what it printed when it failed. */
export async function inChild(task: ChildTask): Promise<ChildReport> {
  const child = fileURLToPath(new URL("./child.js", import.meta.url));
  const { stdout } = await execFileAsync(process.execPath, [child, JSON.stringify(task)], { maxBuffer: 1 << 24 });
  const report: ChildReport = JSON.parse(stdout);
  return report;
}
