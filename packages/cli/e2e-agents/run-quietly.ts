import { execFile } from "node:child_process";

/** What a program came to; a program that was not found has code 127. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** Runs a program with an empty standard input; its output of both kinds is kept. Never rejects. */
export async function runQuietly(argv: readonly string[], { cwd, env, timeoutMs }: Surroundings): Promise<Ended> {
  const [program = "", ...args] = argv;
  return await new Promise((resolve) => {
    const options = { cwd, env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const output = stdout + stderr;
      if (error === null) resolve({ code: 0, output });
      else if (error.code === "ENOENT") resolve({ code: 127, output: `${program} is not installed` });
      else if (error.killed === true) resolve({ code: 1, output: `${output}\n(ended after ${timeoutMs / 1000} s)` });
      else resolve({ code: typeof error.code === "number" ? error.code : 1, output });
    });
    child.stdin?.end();
  });
}
