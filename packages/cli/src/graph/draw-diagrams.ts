import { type ShownStageStatus, sanitizeLine } from "@troupe/core";
import { directNeeds, type GraphStage, type WorkflowGraphReport } from "./graph-model.js";

/** Background and edge of a stage, readable on light and on dark pages: the text is always dark. */
const FILLS: Readonly<Record<ShownStageStatus, readonly [fill: string, stroke: string]>> = {
  pending: ["#f2f2f2", "#8c8c8c"],
  running: ["#cfe8ff", "#1f6feb"],
  waiting: ["#fff3c4", "#b58900"],
  interrupted: ["#fff3c4", "#b58900"],
  failed: ["#ffd7d5", "#cf222e"],
  cancelled: ["#ffe3d1", "#bc4c00"],
  completed: ["#d3f5d9", "#1a7f37"],
  skipped: ["#f2f2f2", "#8c8c8c"],
};

/** Mermaid: for a README, an issue or a page. */
export function drawMermaid(graph: WorkflowGraphReport): string {
  const names = new Map(graph.stages.map(({ id }, index) => [id, `s${index}`])); // `end` and its like are no names
  const nameOf = (id: string): string => names.get(id) ?? id;
  const node = (stage: GraphStage): string => {
    const label = `"${mermaidText([stage.id, ...captionOf(stage)].join("\n"))}"`;
    const shape = stage.kind === "review" ? `{{${label}}}` : stage.kind === "terminal" ? `([${label}])` : `[${label}]`;
    return `${nameOf(stage.id)}${shape}${stage.status === null ? "" : `:::${stage.status}`}`;
  };
  const lines = [
    "flowchart TD",
    ...blocks(graph, node, (name, index) => `subgraph g${index}["${mermaidText(name)}"]`, "end"),
  ];
  for (const [from, to] of edgesOf(graph)) lines.push(`  ${nameOf(from)} --> ${nameOf(to)}`);
  for (const status of statusesIn(graph)) {
    const [fill, stroke] = FILLS[status];
    lines.push(`  classDef ${status} fill:${fill},stroke:${stroke},color:#1f2328`);
  }
  return `${lines.join("\n")}\n`;
}

/** DOT, the language of Graphviz. */
export function drawDot(graph: WorkflowGraphReport): string {
  const node = (stage: GraphStage): string => {
    const label = dotText([stage.id, ...captionOf(stage)].join("\n"));
    const shape = stage.kind === "review" ? "hexagon" : stage.kind === "terminal" ? "ellipse" : "box";
    const [fill, stroke] = stage.status === null ? ["#ffffff", "#57606a"] : FILLS[stage.status];
    return `${dotText(stage.id)} [label=${label}, shape=${shape}, fillcolor="${fill}", color="${stroke}"];`;
  };
  const lines = [
    `digraph ${dotText(graph.workflow)} {`,
    '  node [style="filled,rounded", fontname="Helvetica", fontsize=11];',
    ...blocks(graph, node, (name, index) => `subgraph cluster_${index} { label=${dotText(name)}; style=dashed;`, "}"),
  ];
  for (const [from, to] of edgesOf(graph)) lines.push(`  ${dotText(from)} -> ${dotText(to)};`);
  return `${[...lines, "}"].join("\n")}\n`;
}

/** Stages one a line, those of a group within its frame. */
function blocks(
  { stages, groups }: WorkflowGraphReport,
  node: (stage: GraphStage) => string,
  open: (name: string, index: number) => string,
  close: string,
): readonly string[] {
  const framed = groups.flatMap(({ name }, index) => [
    `  ${open(name, index)}`,
    ...stages.filter(({ group }) => group === name).map((stage) => `    ${node(stage)}`),
    `  ${close}`,
  ]);
  return [...stages.filter(({ group }) => group === null).map((stage) => `  ${node(stage)}`), ...framed];
}

function edgesOf({ stages }: WorkflowGraphReport): readonly (readonly [from: string, to: string])[] {
  return [...directNeeds(stages)].flatMap(([id, needs]) => needs.map((need) => [need, id] as const));
}

/** What stands below the id; the state in words, not in colours alone. */
function captionOf({ agents, status }: GraphStage): readonly string[] {
  return [...(agents.length === 0 ? [] : [agents.join(", ")]), ...(status === null ? [] : [status])];
}

function statusesIn({ stages }: WorkflowGraphReport): readonly ShownStageStatus[] {
  return [...new Set(stages.flatMap(({ status }) => (status === null ? [] : [status])))];
}

function mermaidText(text: string): string {
  const lines = text.split("\n").map((line) => sanitizeLine(line).replaceAll("&", "#amp;").replaceAll('"', "#quot;"));
  return lines.join("<br/>").replaceAll(/<(?!br\/>)/g, "#lt;");
}

function dotText(text: string): string {
  const lines = text.split("\n").map((line) => sanitizeLine(line).replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
  return `"${lines.join("\\n")}"`;
}
