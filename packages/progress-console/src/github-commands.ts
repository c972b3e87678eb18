/** What GitHub Actions shows beside the log, and on the page of the run. */
export interface WorkflowAnnotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  /** May have several lines. */
  readonly message: string;
}

/** `::error title=Stage SPIKE failed::claude ended with exit code 1` */
export function annotation({ level, title, message }: WorkflowAnnotation): string {
  return `::${level} title=${escapeProperty(title)}::${escapeData(message)}`;
}

/** The line that begins a fold. */
export function groupStart(title: string): string {
  return `::group::${escapeData(title)}`;
}

/**
 * A line that is only shown: the runner obeys commands at the beginning of a line, and those of its old form
 * (`##[command]`) anywhere in it. Text of agents could add a mask or end a fold.
 */
export function withoutCommands(line: string): string {
  return withoutOldForm(line).replace(/^(\s*):(?=:)/, "$1: ");
}

function withoutOldForm(text: string): string {
  return text.replaceAll("##[", "## [");
}

/** As the toolkit of GitHub Actions escapes it. */
function escapeData(text: string): string {
  return withoutOldForm(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
