import { spawn } from "node:child_process";
import { plainEnvironment } from "./run-program.js";

/** Starts a program and kills it as soon as a condition holds: no handler, no last words. */
export async function killWhen(
  file: string,
  args: readonly string[],
  cwd: string,
  holds: (stdout: string) => Promise<boolean>,
): Promise<void> {
  const child = spawn(file, [...args], { cwd, env: plainEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let ended: string | null = null;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const closed = new Promise<void>((resolve) => {
    child.once("close", (code, signal) => {
      ended = `${code ?? signal}`;
      resolve();
    });
  });
  const deadline = Date.now() + 60_000;
  while (!(await holds(printed))) {
    if (ended !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${[file, ...args].join(" ")} was not there to be killed (${ended ?? "too slow"}):\n${printed}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  await closed;
}
