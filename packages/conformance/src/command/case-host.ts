import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PluginHost, randomHex, silentLogger, systemClock, type TextSink } from "@troupe/core";

/** The host that a plugin gets for one case. */
export interface CaseHost {
  readonly host: PluginHost;
  /** All that was written to its streams. */
  written(): string;
  remove(): Promise<void>;
}

export function createPluginHost(stateFolder: string, stream: TextSink): PluginHost {
  return {
    clock: systemClock,
    randomHex,
    environment: process.env,
    streams: { stdout: stream, stderr: stream },
    projectFolder: process.cwd(),
    stateFolder,
    logger: silentLogger,
  };
}

/** A sink that keeps what it is given. */
export function createSink(isTerminal: boolean): { readonly sink: TextSink; written(): string } {
  const parts: string[] = [];
  const sink: TextSink = {
    write: (text) => void parts.push(text),
    isTerminal,
    size: () => ({ columns: 80, rows: 24 }),
    onResize: () => () => {},
  };
  return { sink, written: () => parts.join("") };
}

/** A host with a state folder of its own, which does not exist yet. */
export async function createCaseHost(isTerminal = false): Promise<CaseHost> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-"));
  const { sink, written } = createSink(isTerminal);
  return {
    host: createPluginHost(join(folder, ".troupe"), sink),
    written,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
