/** Reasons of one verdict are cut to this many, each to {@link MAX_REASON_CHARACTERS}: they lie in the journal. */
export const MAX_REASONS: number = 32;
/** Of each reason of a verdict so many characters are kept. */
export const MAX_REASON_CHARACTERS: number = 1_000;
