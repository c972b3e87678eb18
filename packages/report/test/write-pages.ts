import { mkdirSync, writeFileSync } from "node:fs";
import { createReport, renderHtml } from "../src/index.js";
import { Choices, longWorkflow, numbersFrom, perform } from "./performed-run.js";
import { RUNS } from "./runs.js";
import { showcase } from "./showcase-run.js";

const out = process.argv[2] ?? ".";
mkdirSync(out, { recursive: true });
const big = (n: number) => () =>
  perform(
    { title: "A large run", ...longWorkflow(n) },
    new Choices(numbersFrom(7, 100_000)),
    { fail: 0, retry: 4, crash: 1, reject: 25 },
    50_000,
  );
for (const [name, make] of Object.entries({ ...RUNS, showcase, sixty: big(60), thousand: big(1000) })) {
  const run = make();
  const r = createReport(run.entries, {
    now: run.now + 1000,
    holder: null,
    next: (s) => `troupe resume ${s.runId}`,
    logPath: (t) => `.troupe/runs/${run.state.runId}/logs/${t}.log`,
    artifactPath: (a) => `.troupe/runs/${run.state.runId}/artifacts/${a.turn}/${a.name}`,
  });
  const t = performance.now();
  const page = renderHtml(r);
  console.log(
    name,
    r.status,
    Buffer.byteLength(page),
    `${Math.round(performance.now() - t)}ms`,
    JSON.stringify({ ...r.figures, activeSpans: 0 }),
  );
  writeFileSync(`${out}/${name}.html`, page);
}
