/** Without halves of characters and without what is no character at all: XML has no place for them. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replace(/[\ufffe\uffff]/g, "\ufffd");
}
