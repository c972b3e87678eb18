import { pathProblem, type StageId } from "@troupe/core";
import type { Span } from "./diagnostic-log.js";
import { INVALID_ITEM } from "./invalid-item.js";
import type { Reviews } from "./review-rules.js";
import { contradict, type WorkflowDraft } from "./workflow-draft.js";

interface Owner {
  readonly name: string;
  readonly stage: StageId;
  readonly span: Span;
}

/** A part of a path: the first artifact that ends there, and the first that goes on below it. */
interface PathNode {
  file: Owner | null;
  below: Owner | null;
  readonly parts: Map<string, PathNode>;
}

/** Paths can be used on every system, and an artifact belongs to one stage and the review of it. */
export function checkPaths(draft: WorkflowDraft, reviews: Reviews): void {
  const root: PathNode = { file: null, below: null, parts: new Map() };
  for (const stage of draft.stages.values()) {
    for (const [index, name] of (stage.written.artifacts ?? []).entries()) {
      if (name === INVALID_ITEM) continue;
      const span = draft.tree.valueSpan([...stage.path, "artifacts", index]);
      const problem = name.includes("\\") ? "write / between its parts" : pathProblem(name);
      if (problem !== null)
        draft.log.add({ span, message: `"${name}" cannot be an artifact: ${problem}`, hint: PATH_HINT });
      const own = { name, stage: stage.id, span };
      const { file: owner, clash } = claimPath(root, own);
      if (clash !== null) reportClash(draft, own, clash);
      else if (owner !== null && (owner.stage === stage.id || reviews.get(stage.id) !== owner.stage))
        reportSecondOwner(draft, name, owner, stage.id, span);
    }
    checkTemplatePath(draft, stage.id, stage.written.prompt_template ?? null);
  }
}

/** Notes an artifact: who had its path before, and whose file is its folder or the other way round. */
function claimPath(root: PathNode, own: Owner): { readonly file: Owner | null; readonly clash: Owner | null } {
  // one file on a disk that does not tell upper from lower case
  const parts = own.name.normalize("NFC").toLowerCase().split("/");
  let node = root;
  let clash: Owner | null = null;
  for (const part of parts) {
    clash ??= node.file;
    if (node !== root) node.below ??= own;
    const next: PathNode = node.parts.get(part) ?? { file: null, below: null, parts: new Map() };
    node.parts.set(part, next);
    node = next;
  }
  const { file } = node;
  node.file ??= own;
  return { file, clash: clash ?? node.below };
}

function reportClash(draft: WorkflowDraft, own: Owner, other: Owner): void {
  const line = draft.log.lineOf(other.span.start);
  contradict(draft.log, {
    span: own.span,
    message:
      `the artifact "${own.name}" of stage "${own.stage}" and "${other.name}" of stage "${other.stage}" ` +
      `(line ${line}) cannot both be there: one is a file where the other needs a folder`,
    hint: "Give one of them another name.",
  });
}

const PATH_HINT = "Use a relative path that stays in the folder and works on every system.";

function reportSecondOwner(
  draft: WorkflowDraft,
  name: string,
  owner: { readonly stage: StageId; readonly span: Span },
  stage: StageId,
  span: Span,
): void {
  const line = draft.log.lineOf(owner.span.start);
  const isSame = owner.stage === stage;
  const message = isSame
    ? `stage "${stage}" declares the artifact "${name}" twice`
    : `the artifact "${name}" of stage "${stage}" belongs to stage "${owner.stage}" (line ${line})`;
  const hint = isSame
    ? "Remove one of them."
    : `Give it another name; only the review stage that judges "${owner.stage}" may share it.`;
  contradict(draft.log, { span, message, hint });
}

function checkTemplatePath(draft: WorkflowDraft, stage: StageId, path: string | null): void {
  const problem = path === null ? null : pathProblem(path);
  if (problem === null) return;
  const isOwn = draft.tree.keys(["stages", stage]).includes("prompt_template");
  const at = isOwn ? ["stages", stage, "prompt_template"] : ["defaults", "prompt_template"];
  const message = `"${path}" cannot be a prompt template: ${problem}`;
  if (isOwn || draft.order[0] === stage) draft.log.add({ span: draft.tree.valueSpan(at), message, hint: PATH_HINT });
}
