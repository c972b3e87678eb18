import type { SerializedError } from "@troupe/core";
import type { ReportError } from "./report.js";

/** What a person is told of an error. */
export function shownError({ code, message, hint }: SerializedError): ReportError {
  return { code, message, hint };
}
