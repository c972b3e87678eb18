/** `1 stage`, `3 stages`. */
export function showCount(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
