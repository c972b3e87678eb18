const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/i;

/**
 * Why a relative path from a file cannot be used on every system, or null when it can. Looks at the text only:
 * `resolveInside` also looks at the disk.
 */
export function pathProblem(path: string): string | null {
  if (path === "") return "it is empty";
  if (path.includes("\0")) return "it has a NUL character";
  if (/^(?:[\\/]|[A-Za-z]:)/.test(path)) return "it is absolute";
  for (const part of path.split(/[\\/]/)) {
    const problem = partProblem(part);
    if (problem !== null) return problem;
  }
  return null;
}

function partProblem(part: string): string | null {
  if (part === "") return "it has an empty part";
  if (part === "." || part === "..") return `it has a part "${part}"`;
  if (WINDOWS_DEVICE.test(part)) return `"${part}" is a device name on Windows`;
  if (/[<>:"|?*]/.test(part) || [...part].some((letter) => letter < " "))
    return `"${part}" has a character that Windows forbids`;
  if (/[. ]$/.test(part)) return `"${part}" ends in a dot or a space, which Windows drops`;
  if (new TextEncoder().encode(part).length > 255) return "a part is longer than 255 bytes";
  return null;
}
