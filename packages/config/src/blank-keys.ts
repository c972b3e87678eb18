import { contradict, type WorkflowDraft } from "./workflow-draft.js";
import type { Path } from "./yaml-tree.js";

/**
 * Warns of keys with nothing behind their colon: a value was forgotten, or is not indented. A null that is written out
 * is meant. What a stage or an input holds may all be left out, so their own names need nothing.
 */
export function warnOfBlankKeys(draft: WorkflowDraft): void {
  const { defaults, stages, parallel_groups: groups } = draft.file;
  warn(draft, [], "", draft.file);
  warn(draft, ["defaults"], " of defaults", defaults);
  for (const [id, stage] of Object.entries(stages)) warn(draft, ["stages", id], ` of stage "${id}"`, stage);
  for (const [name, group] of Object.entries(groups ?? {}))
    warn(draft, ["parallel_groups", name], ` of group "${name}"`, group);
}

function warn(draft: WorkflowDraft, path: Path, owner: string, map: object | null | undefined): void {
  for (const [key, value] of Object.entries(map ?? {})) {
    if (value !== null || !draft.tree.isBlank([...path, key])) continue;
    contradict(draft.log, {
      span: draft.tree.keySpan([...path, key]),
      message: `${key}${owner} has no value`,
      severity: "warning",
      hint: "Write one, or remove the key; null says that none is meant.",
      isAbsence: true,
    });
  }
}
