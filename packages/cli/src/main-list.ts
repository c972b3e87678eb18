// As main.ts; the build puts all that `list` needs into this one file.
export { main } from "./main.js";
