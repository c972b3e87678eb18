import type { JournalEntry, StateStore } from "@troupe/core";
import { createReport, renderHtml } from "@troupe/report";

export async function writePage(store: StateStore, runId: string): Promise<string> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.read(runId)) entries.push(entry);
  const report = createReport(entries, { now: Date.now(), holder: await store.holder(runId) });
  console.log(report.status, report.failures.length, report.figures.savedMs);
  return renderHtml(report);
}
