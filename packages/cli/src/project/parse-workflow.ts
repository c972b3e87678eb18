// Imported when a workflow is not of the plain kind, or something is to be said of it.
export { defaultWorkflow, parseWorkflow } from "@troupe/config";
