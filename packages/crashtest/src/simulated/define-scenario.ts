import { parseWorkflow } from "@troupe/config";
import { defineRun, type RunDefinition, sha256 } from "@troupe/core";
import { OBJECTIVE, type Scenario } from "../scenarios.js";

/** The run of a scenario, as the CLI would define it. */
export function defineScenario({ name, stagesYaml }: Scenario): RunDefinition {
  const { workflow, diagnostics } = parseWorkflow(stagesYaml, "stages.yaml");
  if (workflow === null) throw new Error(`scenario ${name}: ${diagnostics.map(({ message }) => message).join("; ")}`);
  const text = { sha256: sha256(OBJECTIVE), bytes: Buffer.byteLength(OBJECTIVE), text: OBJECTIVE };
  return defineRun({ workflow, objective: { title: "Survive", path: null, text } });
}
