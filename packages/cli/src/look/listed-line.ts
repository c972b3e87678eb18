import type { RunSummary, ShownRunStatus } from "@troupe/core";

/** A line of the list. */
export type ListedLine = Omit<RunSummary, "status"> & { readonly status: ShownRunStatus };
