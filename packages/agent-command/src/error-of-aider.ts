import { sanitizeText } from "@troupe/core";

/**
 * aider prints an error of the model's service, gives up, and exits with 0. The last such line counts if no answer came
 * behind it (each answer ends with a line on its tokens): what was overcome by another try is no failure.
 */
export function errorOfAider(output: string): string | null {
  const lines = sanitizeText(output)
    .split("\n")
    .map((line) => line.trim());
  const failedAt = lines.findLastIndex((line) => /\blitellm\.\w*(?:Error|Exception)\b/u.test(line));
  const answeredAt = lines.findLastIndex((line) => line.startsWith("Tokens: "));
  return failedAt > answeredAt ? (lines[failedAt] ?? null) : null;
}
