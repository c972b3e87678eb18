/** Emphasis, emoji and the like in front of a word, and a label that names it. */
const BEFORE =
  /^(?:[^\p{L}\p{N}\s"'“„«([{<`|]|\s)*(?:(?:final[ \t]+)?(?:verdict|conclusion|decision|status|result)[*_]*[ \t]*[:：][^\p{L}\p{N}"'“„«([{<`]*)?/iu;
/** What ends such a word, so that "REJECTED inputs are logged" is none. */
const AS_CONCLUSION = String.raw`[*_]*(?:[ \t]*$|[ \t]*[.,;:!：(\u2013\u2014]|[ \t]+[-\u2013\u2014]|[ \t]+(?:because|due to|as|since|for now|until)\b)`;
const REJECTING: readonly RegExp[] = [
  new RegExp(`^(?:rejected|changes requested)${AS_CONCLUSION}`, "iu"),
  /(?:^|[.;:!?\u2013\u2014]\s+)I (?:(?:have to|must|need to|will|would|do|hereby|therefore|now) ){0,3}(?:reject\b(?! nothing)|withdraw (?:my|the|this|that|it)\b)/iu,
];
const MARKED: readonly RegExp[] = [
  /^(?:#{1,6}[ \t]+)?[*_`]*REJECTED[*_`]*(?:[ \t]*$|[ \t]+[:\u2013\u2014-]|[.!,;])/u,
  /^(?:#{1,6}[ \t]+)?[*_`]*(?:final[ \t]+)?verdict[*_`]*[ \t]*:[*_` \t]*REJECTED\b/iu,
  // a row of a table
  /^\|?[*_` \t]*(?:(?:final|overall)[ \t]+)?(?:verdict|decision|conclusion)[*_`:： \t]*\|[*_` \t]*(?:REJECTED|changes requested)[*_`]*[ \t]*(?:[.,;:!(\u2013\u2014|-]|$)/iu,
];
const BLOCKING = /^(?:blocking|must[- ]fix)(?:[ \t]+(?:findings?|issues?))?[*_]*[ \t]*[:：](.*)$/iu;
const NOTHING =
  /^[^\p{L}\p{N}]*(?:none|nothing|keine[rs]?|nichts|nil|0|zero|n\/?a|no(?:[ \t]+(?:blocking|issues?|findings?|such)\b.*|[.,;!]*$))(?![\p{L}\p{N}])|^[^\p{L}\p{N}]*$/iu;

/** Whether a person would read the line, without the mark of an item, as a rejection though it is no conclusion. `next`: what follows it. */
export function readsAsRejection(line: string, next: string): boolean {
  const said = line.replace(BEFORE, "");
  if (MARKED.some((form) => form.test(line)) || REJECTING.some((form) => form.test(said))) return true;
  const blocking = BLOCKING.exec(said)?.slice(1).join("");
  if (blocking === undefined) return false;
  return !NOTHING.test(/[\p{L}\p{N}]/u.test(blocking) ? blocking : next);
}

const AUXILIARY =
  "(?:have|had|am|are|was|do|did|can|could|will|would|may|should|must|still|yet|currently|simply|therefore|really|also)";
const NEGATION = "(?:not|never|cannot|unable to|(?:have|do|did|ca|could|wo|would|should|are|am)n['\u2019]t)";
const UNDONE = "(?:approved?|approving|accept|decided?|concluded?|merge)";
const WAITING = "(?:reviewing|checking|looking|waiting)";
const END = "(?:[ \\t]+yet)?[*_]*[ \\t]*(?:[.,;:!\u2013\u2014-]|$)";
/** "I have not decided", "this is not approved yet"; what is said of the work, "a run that is not approved fails", is none. */
const UNDECIDED: readonly RegExp[] = [
  new RegExp(
    `\\b(?:I|we)(?:['\u2019](?:m|ve|re|d|ll))?\\s+(?:${AUXILIARY}\\s+){0,4}${NEGATION}\\s+(?:\\w+\\s+){0,2}${UNDONE}\\b`,
    "iu",
  ),
  new RegExp(
    `\\b(?:I|we)(?:['\u2019](?:m|ve|re))?\\s+(?:${AUXILIARY}\\s+){0,3}(?:undecided|still ${WAITING}|need more (?:time|information))\\b`,
    "iu",
  ),
  new RegExp(
    `\\b(?:this|it|(?:the|this) (?:work|change|review))\\s+(?:is|was|must|can)(?:n['\u2019]t|\\s*not)\\s+(?:yet\\s+)?(?:be\\s+)?(?:approved|decided|merged)${END}`,
    "iu",
  ),
  new RegExp(
    `^[^\\p{L}]*(?:not (?:yet )?(?:approved|decided)${END}|to be decided|undecided\\b|still ${WAITING}\\b|need more (?:time|information)\\b)`,
    "iu",
  ),
];

/** Whether the line takes an approval back. */
export function isUndecided(line: string): boolean {
  return /approv|decided|conclu|accept|merge|still|more/iu.test(line) && UNDECIDED.some((form) => form.test(line));
}

const SUBJECT =
  "(?:the|it|all|this|that|these|those|they|you|your|we|I|my|an?|each|every|nobody|no one|some\\w*|any\\w*|both|there|tests?|CI|fixed|mended|merged|done|addressed|resolved|corrected)";
const REVIEWED = "(?:review\\w*|reading|check(?:ing)?\\b|look|inspect|verif|testing|running)";
/** Reasons that approve nothing as it is. */
const NO_REASON: readonly RegExp[] = [
  /^(?:false|nope)\s*\(|^(?:no|false|nope)(?:\s*$|\s*[.,;:!?\u2013\u2014\u2026/]|\s+-\s)/iu,
  /^(?:not (?:yet|sure|ready|approved)|maybe|pending|tbd|n\/a|unknown|unsure|conditional(?:ly)?)(?:[.,;:!?]|$)/iu,
  /^yes\s*(?:\/|or)\s*no\b/iu,
  /^(?:only|but|and only)\s+(?:if|when|after|once|with)\b|^(?:when|as soon as|except|but|subject to)(?:\s|[,:])/iu,
  /^with (?:the )?(?:following )?(?:conditions?|changes|reservations)\b/iu,
  /^conditional(?:ly)?\s+(?:on|upon|to|approv\w+)\b/iu,
  /^(?:(?:this|it|the (?:work|change|branch)) )?must not be merged\b/iu,
  /^I (?:do not|don['\u2019]t|cannot|can['\u2019]t|will not|won['\u2019]t) (?:accept|approve)\b/iu,
  new RegExp(`^(?:if|once|unless|assuming|provided|providing)(?:\\s+that)?\\s+${SUBJECT}\\b`, "iu"),
  new RegExp(
    `^pending\\s+(?:${SUBJECT}|on|review|approval|fix(?:es)?|changes|confirmation|resolution)\\b(?!\\s+(?:is|are|was|were)\\b)`,
    "iu",
  ),
  new RegExp(`^after\\s+(?!(?:(?:an?|the|my|careful|thorough|full|close|second|re)[\\s-]+){0,4}${REVIEWED})`, "iu"),
];

/** "APPROVED: once it is mended", "APPROVED: no." */
export function isNoReason(reason: string): boolean {
  return NO_REASON.some((form) => form.test(reason));
}

/** "APPROVED: <why>" and "APPROVED: or REJECTED:" tell how to conclude and do not. */
export function isPlaceholder(mark: string, reason: string): boolean {
  if (/^<[^<>]*>\.?$/u.test(reason)) return true;
  if (mark === "REJECTED" || reason === "") return false;
  return (
    /\bREJECTED\b[*_`]*:/u.test(reason) || !/\p{L}/u.test(reason) || /^(?:\[[^[\]]*\]|\{[^{}]*\})\.?$/u.test(reason)
  );
}
