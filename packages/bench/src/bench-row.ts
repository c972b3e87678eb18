import type { Figure } from "./figure.js";

/** What a row measures with. */
export interface Bench {
  /** Absolute, on the disk that is measured; a row makes folders of its own in it. */
  makeFolder(): Promise<string>;
  /** How often each pair is measured; with `--smoke` once. */
  readonly rounds: number;
  /** A number of stages or commands; with `--smoke` a few. */
  sized(count: number): number;
  /** What cannot be measured here, for the person who reads the table. */
  skip(reason: string): void;
}

/** One row of the table. */
export interface BenchRow {
  readonly name: string;
  readonly title: string;
  run(bench: Bench): Promise<readonly Figure[]>;
}
