/** UTF-16 units of what is kept at either end. */
const END_LENGTH = 512 * 1024;
/** In which it is looked for the end of a line to cut at: half a word may be half of a secret, which nobody finds any more. */
const LINE_LENGTH = 4096;
const LEFT_OUT = "\n[... left out ...]\n";

/**
 * A text that grows without end, in bounded memory: beyond 2 Mi characters its beginning and its end are kept, 512 Ki of
 * each, with a line between them that says so. To be called on each piece that was added: cutting twice is as cutting once.
 */
export function boundText(text: string): string {
  if (text.length <= 4 * END_LENGTH) return text;
  const headEnd = text.lastIndexOf("\n", END_LENGTH);
  const tailStart = text.indexOf("\n", text.length - END_LENGTH);
  const head = text.slice(0, headEnd > END_LENGTH - LINE_LENGTH ? headEnd : END_LENGTH);
  const isAtLine = tailStart !== -1 && tailStart < text.length - END_LENGTH + LINE_LENGTH;
  return `${head}${LEFT_OUT}${text.slice(isAtLine ? tailStart + 1 : -END_LENGTH)}`;
}
