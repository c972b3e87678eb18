/** A bracket of a flow list or map without its counterpart. */
export interface LoneBracket {
  /** One of `[ ] { }`. */
  readonly mark: string;
  readonly offset: number;
  /** What opened, when the mark closes something else; null = nothing is open. Of an opening mark null. */
  readonly opener: string | null;
  /** Where it was clear that there is none. */
  readonly seenAt: number;
}

export interface BracketPairs {
  /** `kind` of a token as the lexer of YAML names it. */
  take(kind: string | null, token: string, offset: number): void;
  lone(): readonly LoneBracket[];
}

interface Opening {
  readonly mark: string;
  readonly offset: number;
}

const CLOSED_BY: Readonly<Record<string, string>> = { "]": "[", "}": "{" };
const MAX_LONE = 100;

/** Pairs the brackets of a YAML text: the parser says of a missing one only where it gave up. */
export function createBracketPairs(): BracketPairs {
  const open: Opening[] = [];
  const lone: LoneBracket[] = [];
  let end = 0;
  const note = (bracket: LoneBracket): void => {
    if (lone.length < MAX_LONE) lone.push(bracket);
  };
  const giveUp = (seenAt: number): void => {
    for (const { mark, offset } of open.splice(0).reverse()) note({ mark, offset, opener: null, seenAt });
  };
  return {
    take(kind, token, offset) {
      end = offset + token.length;
      if (kind === "flow-map-start" || kind === "flow-seq-start") open.push({ mark: token, offset });
      else if (kind === "flow-map-end" || kind === "flow-seq-end") {
        const opener = open.pop()?.mark ?? null;
        if (opener !== CLOSED_BY[token]) note({ mark: token, offset, opener, seenAt: offset });
      } else if (kind === "flow-error-end") giveUp(offset);
    },
    lone() {
      giveUp(end);
      return lone;
    },
  };
}
