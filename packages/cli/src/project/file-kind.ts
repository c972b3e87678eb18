import { basename, extname } from "node:path";
import { PROJECT_FILE } from "./project.js";

/** The files that a person writes. */
export type FileKind = "objective" | "project file" | "workflow";

/**
 * What a file is, by its name, and a YAML file of any other name by the keys in its first column; null = none of the
 * three. `text` null = it cannot be read as text.
 */
export function kindOfFile(path: string, text: string | null): FileKind | null {
  const name = basename(path).toLowerCase();
  const ending = extname(name);
  if (ending === ".md" || ending === ".markdown") return "objective";
  if (ending !== ".yaml" && ending !== ".yml") return null;
  if (name === PROJECT_FILE || name === "troupe.yml") return "project file";
  if (text === null || WORKFLOW_KEY.test(text)) return "workflow";
  if (PROJECT_KEY.test(text)) return "project file";
  const isNamedForIt = /stage|workflow/.test(name);
  return isNamedForIt || !/^[\w"'-]+\s*:/m.test(text) ? "workflow" : null;
}

const WORKFLOW_KEY = /^["']?(?:stages|stage_order|parallel_groups|work_to_review_mapping)["']?\s*:/m;
const PROJECT_KEY = /^["']?(?:agents|store|executor|reporters|secrets|notify|limits|workflow|checks)["']?\s*:/m;
