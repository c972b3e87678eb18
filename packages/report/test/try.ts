import { createReport, renderGithubSummary, renderJunit, renderMarkdown } from "../src/index.js";
import { RUNS } from "./runs.js";

for (const [name, make] of Object.entries(RUNS)) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  const run = make();
  const r = createReport(run.entries, {
    now: run.now + 1000,
    holder: null,
    next: (s) => `troupe resume ${s.runId}`,
    logPath: (t) => `.troupe/runs/x/logs/${t}.log`,
  });
  console.log(
    process.argv[3] === "j" ? renderJunit(r) : process.argv[3] === "g" ? renderGithubSummary(r) : renderMarkdown(r),
  );
}
