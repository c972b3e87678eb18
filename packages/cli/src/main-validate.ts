// As main.ts; the build puts all that `validate` needs into this one file.
export { main } from "./main.js";
