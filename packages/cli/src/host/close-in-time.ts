import type { PluginHost, ProgressReporter } from "@troupe/core";

/** How long a reporter may take to close, in milliseconds. */
const PATIENCE_MS = 2_000;

/** A reporter whose `close` is called once, never rejects and takes 2 s at most: a run does not hang on its display. */
export function closeInTime(
  reporter: ProgressReporter,
  { clock, logger }: Pick<PluginHost, "clock" | "logger">,
  beforeClose: (reporter: ProgressReporter) => void = () => {},
): ProgressReporter & Required<Pick<ProgressReporter, "close">> {
  let closed: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const timer = new AbortController();
    try {
      await Promise.race([reporter.close?.(), clock.wait(PATIENCE_MS, timer.signal)]);
    } catch (error) {
      logger.warn(`a progress reporter could not be closed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      timer.abort();
    }
  };
  const closing: ProgressReporter & Required<Pick<ProgressReporter, "close">> = {
    report: (event) => reporter.report(event),
    close: () => {
      if (closed === null) beforeClose(closing);
      closed ??= close();
      return closed;
    },
  };
  return closing;
}
