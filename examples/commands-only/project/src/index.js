export { textWidth } from "./text-width.js";
export { wrap } from "./wrap.js";
