import type { ShownStageStatus } from "@troupe/core";
import type { Report, ReportStage } from "./report.js";

/** More nodes than this cannot be read, and GitHub refuses to draw many more. */
const MOST_STAGES = 120;

const COLOURS: Readonly<Record<ShownStageStatus, string>> = {
  completed: "fill:#dafbe1,stroke:#1a7f37,color:#0f5323",
  failed: "fill:#ffebe9,stroke:#cf222e,color:#82071e",
  running: "fill:#ddf4ff,stroke:#0969da,color:#0550ae",
  waiting: "fill:#fff8c5,stroke:#9a6700,color:#633c01",
  interrupted: "fill:#fff1e5,stroke:#bc4c00,color:#762c00",
  cancelled: "fill:#eaeef2,stroke:#6e7781,color:#424a53",
  skipped: "fill:#f6f8fa,stroke:#8c959f,color:#57606a,stroke-dasharray:4 3",
  pending: "fill:#ffffff,stroke:#8c959f,color:#57606a,stroke-dasharray:4 3",
};

/** The graph of the stages with their states, as a mermaid block; null = too large to be drawn, or empty. */
export function renderMermaid({ stages, groups }: Report): string | null {
  if (stages.length === 0 || stages.length > MOST_STAGES) return null;
  const names = new Map(stages.map(({ id }, index) => [id, `s${index}`]));
  const nodes = (members: readonly ReportStage[], indent: string): readonly string[] =>
    members.map(({ id, status }) => `${indent}${names.get(id)}["${label(id)}<br/>${status}"]:::${status}`);
  const lines = [
    ...nodes(
      stages.filter(({ group }) => group === null),
      "  ",
    ),
    ...groups.flatMap(({ name }, index) => [
      `  subgraph g${index}["${label(name)}"]`,
      ...nodes(
        stages.filter(({ group }) => group === name),
        "    ",
      ),
      "  end",
    ]),
    ...stages.flatMap(({ id, needs }) => needs.map((need) => `  ${names.get(need)} --> ${names.get(id)}`)),
    ...[...new Set(stages.map(({ status }) => status))].map((status) => `  classDef ${status} ${COLOURS[status]}`),
  ];
  return ["```mermaid", "flowchart TD", ...lines, "```"].join("\n");
}

/** Ids and names of groups are letters, digits, dots, hyphens and underscores; whatever else there is means nothing here. */
function label(id: string): string {
  return id.replace(/[^\p{L}\p{N}._ -]/gu, "?");
}
