import { execFile } from "node:child_process";

/** What a program printed and how it ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The environment without what the package manager that started us would tell another one. */
export function plainEnvironment(): Readonly<Record<string, string>> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm|pnpm)_|^(INIT_CWD|NODE_OPTIONS|FORCE_COLOR)$/i.test(name),
  );
  return { ...Object.fromEntries(own.map(([name, value]) => [name, value ?? ""])), NO_COLOR: "1", CI: "true" };
}

/** Runs a program to its end; never rejects because of its exit code. */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  const settings = {
    cwd: options.cwd,
    env: { ...plainEnvironment(), ...options.env },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(file, [...args], settings, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** Runs a program that has to succeed; gives its standard output. */
export async function runToSuccess(file: string, args: readonly string[], options: ProgramOptions): Promise<string> {
  const { code, stdout, stderr } = await runProgram(file, args, options);
  if (code === 0) return stdout;
  throw new Error(`${[file, ...args].join(" ")} ended with ${code} in ${options.cwd}:\n${stdout}${stderr}`);
}
