// Imported when there is an objective to check: the parser of markdown is as large as all else that `validate` needs.
export { checkObjectiveReferences, parseObjective } from "@troupe/config";
