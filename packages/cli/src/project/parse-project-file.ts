// Imported when a project file is not of the simplest form: of the package nothing else comes along then.
export { parseProjectFile } from "@troupe/config";
