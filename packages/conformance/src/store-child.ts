import { spawn } from "node:child_process";

/** A process of the store's author. */
export interface StoreChild {
  readonly pid: number | undefined;
  /** Resolves once it has printed so many whole lines; rejects when it ends before. */
  lines(count: number): Promise<readonly string[]>;
  /** All whole lines it printed, when it has ended. */
  readonly ended: Promise<readonly string[]>;
  kill(signal: NodeJS.Signals): void;
}

/** What it prints as an error goes where ours goes, unless it is expected to fail. */
export function startChild(argv: readonly string[], errors: "inherit" | "ignore" = "inherit"): StoreChild {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", errors] });
  const waiting = new Set<() => void>();
  let text = "";
  let hasEnded = false;
  const printed = (): readonly string[] => text.split("\n").slice(0, -1);
  const wake = (): void => {
    for (const each of waiting) each();
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    wake();
  });
  const { promise: ended, resolve, reject } = Promise.withResolvers<readonly string[]>();
  child.on("error", (error) => {
    hasEnded = true;
    reject(error);
    wake();
  });
  child.on("close", () => {
    hasEnded = true;
    resolve(printed());
    wake();
  });
  ended.catch(() => {}); // whoever waits for lines or for the end has it
  return {
    pid: child.pid,
    ended,
    kill: (signal) => void child.kill(signal),
    async lines(count) {
      while (printed().length < count) {
        if (hasEnded) throw new Error(`${argv.join(" ")} ended after ${printed().length} of ${count} lines`);
        await new Promise<void>((resume) => {
          waiting.add(resume);
        });
        waiting.clear();
      }
      return printed();
    },
  };
}
