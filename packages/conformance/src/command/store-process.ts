import { hasCode, type JournalEntry, type StateStore } from "@troupe/core";
import { createPluginHost, createSink } from "./case-host.js";
import { loadModule, parseOptions } from "./load-module.js";

const HOLD_MS = 600_000;

/** What a second process does with a store until it is killed. */
export const CHILD_JOBS = ["child-append", "child-hold", "child-log"] as const;
export type ChildJob = (typeof CHILD_JOBS)[number];

/** Does the job on the store of `module`; never resolves. `print` gives one line to whoever started it. */
export async function performInStore(
  job: ChildJob,
  [module = "", stateFolder = "", options = "null", runId = ""]: readonly string[],
  print: (line: string) => void,
): Promise<never> {
  const { definition } = await loadModule("store", module);
  const host = createPluginHost(stateFolder, createSink(false).sink);
  const store = await definition.create(await parseOptions(definition, JSON.parse(options)), host);
  if (job === "child-append") return await appendForever(store, runId, print);
  if (job === "child-hold") {
    await store.acquireLease(runId, { command: "troupe-conformance", ttlMs: HOLD_MS });
    print("held");
  } else {
    const log = await store.logs.open(runId, "WORK.1");
    log.write(Buffer.from("logged\n"));
    print("logged");
  }
  return await new Promise(() => setInterval(() => {}, HOLD_MS));
}

async function appendForever(store: StateStore, runId: string, print: (line: string) => void): Promise<never> {
  let { last, count } = await readEnd(store, runId);
  for (let tries = 0; ; tries += 1) {
    const { at, events, summary } = last;
    try {
      await store.append(runId, count, { id: `${process.pid}-${tries}`, at, events, summary });
      count += 1;
      print(String(count));
    } catch (error) {
      if (!hasCode(error, "JOURNAL_CONFLICT")) throw error;
      ({ last, count } = await readEnd(store, runId));
    }
  }
}

async function readEnd(store: StateStore, runId: string): Promise<{ readonly last: JournalEntry; count: number }> {
  let last: JournalEntry | null = null;
  for await (const entry of store.read(runId)) last = entry;
  if (last === null) throw new Error(`run ${runId} has no entry`);
  return { last, count: last.seq };
}
