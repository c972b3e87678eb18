export { createReport, type ReportContext } from "./create-report.js";
export { renderGithubSummary } from "./github-summary.js";
export { MOST_PAGE_BYTES, renderHtml } from "./html/page.js";
export { renderJson } from "./json.js";
export { renderJunit } from "./junit.js";
export { renderMarkdown } from "./markdown.js";
export type {
  RemovedStage,
  Report,
  ReportArtifact,
  ReportError,
  ReportFailure,
  ReportFigures,
  ReportGroup,
  ReportHolder,
  ReportIncident,
  ReportRound,
  ReportStage,
  ReportTurn,
  ReportWait,
  Span,
  Unreviewed,
} from "./report.js";
export { REPORT_SCHEMA } from "./report-schema.js";
