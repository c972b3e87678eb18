// As main.ts; the build puts all that `list` and `status` need into this one file.
export { main } from "./main.js";
