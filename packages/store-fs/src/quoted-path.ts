/** A path for a command to be typed, as a POSIX shell reads it back. */
export function quotedPath(path: string): string {
  return /["$`\\!]/.test(path) ? `'${path.replaceAll("'", "'\\''")}'` : `"${path}"`;
}
