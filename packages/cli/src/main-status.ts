// As main.ts; the build puts all that `status` needs into this one file.
export { main } from "./main.js";
