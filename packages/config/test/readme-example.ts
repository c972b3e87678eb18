import { defaultWorkflow, formatDiagnostics, parseObjective, parseWorkflow } from "@troupe/config";

const text = "stages:\n  BUILD: { run: [make] }\n  REVEIW: { work_agnet: pm }\n";
const { workflow, diagnostics } = parseWorkflow(text, "stages.yaml");
console.log(workflow ?? formatDiagnostics(diagnostics, new Map([["stages.yaml", text]])));

const { objective } = parseObjective("# Objective: Faster search\n\n**Goal**: answer in 100 ms\n", "search.md");
console.log(objective?.title, objective?.goals, defaultWorkflow().stages.length);
