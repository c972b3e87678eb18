import { type Engine, type ExecuteOptions, executeRun, type ReporterHost, type RunResult } from "@troupe/core";
import { createNotifyReporter } from "@troupe/notify";

export async function runAndTell(engine: Engine, options: ExecuteOptions, host: ReporterHost): Promise<RunResult> {
  const command = { argv: ["./tell-the-team.sh"] };
  const hooks = [{ kind: "command", command, events: ["failed", "succeeded"], timeoutMs: 10_000 }] as const;
  const reporter = createNotifyReporter({ hooks }, host);
  try {
    return await executeRun({ ...engine, reporters: [reporter] }, options);
  } finally {
    await reporter.close?.();
  }
}
