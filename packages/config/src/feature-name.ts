const MAX_WORDS = 3;
const MAX_WORD_LENGTH = 16;

/** Words that say nothing about what a run is for. */
const FILLERS: ReadonlySet<string> = new Set(
  (
    "a an and are as at be by for from in into is it its of on or so that the their this to up via we when with " +
    "add allow build create develop enable ensure implement introduce make should support use using write " +
    "feature features objective new project task"
  ).split(" "),
);

/**
 * One to three meaningful words of the first text that has any, joined by `-`: the start of a run id. Lower-case ASCII,
 * accents dropped. "objective" when no text has a letter or a digit of ASCII.
 */
export function featureName(candidates: readonly (string | null)[]): string {
  for (const candidate of candidates) {
    const name = reduceToWords(candidate ?? "");
    if (name !== "") return name;
  }
  return "objective";
}

function reduceToWords(text: string): string {
  const plain = text
    .slice(0, 1_000)
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/['’]/g, "")
    .toLowerCase();
  const words = plain.split(/[^a-z0-9]+/).filter((word) => word !== "");
  const meaningful = words.filter((word) => !FILLERS.has(word));
  const chosen = meaningful.length > 0 ? meaningful : words;
  return chosen
    .slice(0, MAX_WORDS)
    .map((word) => word.slice(0, MAX_WORD_LENGTH))
    .join("-");
}
