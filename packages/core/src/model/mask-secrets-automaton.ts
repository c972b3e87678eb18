/** What is looked for, and which secret it shows. */
export interface SecretPattern {
  readonly bytes: Uint8Array;
  /** Index of the secret. */
  readonly secret: number;
}

/**
 * Finds any of many patterns in one pass (Aho and Corasick, 1975): a state stands for the longest end of what was read
 * that begins a pattern. State 0 is "none".
 */
export interface SecretAutomaton {
  /** Class of each byte; bytes that are in no pattern share class 0. */
  readonly classes: Uint16Array;
  readonly classCount: number;
  /** The next state, at `state * classCount + class`. */
  readonly next: Int32Array;
  /** Bytes of the beginning that a state stands for. */
  readonly depth: Int32Array;
  /** Bytes of the longest pattern that ends in a state; 0 = none. */
  readonly matched: Int32Array;
  /** Its secret. */
  readonly secret: Int32Array;
}

export function buildAutomaton(patterns: readonly SecretPattern[]): SecretAutomaton {
  const { classes, classCount } = classify(patterns);
  const states = 1 + patterns.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const next = new Int32Array(states * classCount);
  const depth = new Int32Array(states);
  const matched = new Int32Array(states);
  const secret = new Int32Array(states);
  let count = 1;
  for (const pattern of patterns) {
    let state = 0;
    for (const byte of pattern.bytes) {
      const at = state * classCount + at0(classes, byte);
      let to = at0(next, at);
      if (to === 0) {
        to = count;
        count += 1;
        next[at] = to;
        depth[to] = at0(depth, state) + 1;
      }
      state = to;
    }
    if (at0(matched, state) > 0) continue; // two secrets with the same spelling: the first names it
    matched[state] = pattern.bytes.length;
    secret[state] = pattern.secret;
  }
  const automaton = { classes, classCount, next, depth, matched, secret };
  link(automaton, count);
  return automaton;
}

/** Fills in where to go on when no pattern goes on, by breadth: a state's shorter ends are linked before it. */
function link({ classCount, next, matched, secret }: SecretAutomaton, count: number): void {
  const fallback = new Int32Array(count);
  const queue: number[] = [0];
  for (const state of queue) {
    for (let letter = 0; letter < classCount; letter += 1) {
      const at = state * classCount + letter;
      const to = at0(next, at);
      const shorter = state === 0 ? 0 : at0(next, at0(fallback, state) * classCount + letter);
      if (to === 0) {
        next[at] = shorter;
        continue;
      }
      fallback[to] = shorter;
      if (at0(matched, to) === 0) {
        matched[to] = at0(matched, shorter);
        secret[to] = at0(secret, shorter);
      }
      queue.push(to);
    }
  }
}

/** Few columns instead of 256: the table of a long secret stays small. */
function classify(patterns: readonly SecretPattern[]): Pick<SecretAutomaton, "classes" | "classCount"> {
  const classes = new Uint16Array(256);
  let classCount = 1;
  for (const { bytes } of patterns) {
    for (const byte of bytes) {
      if (at0(classes, byte) > 0) continue;
      classes[byte] = classCount;
      classCount += 1;
    }
  }
  return { classes, classCount };
}

/** The number at a place of one of the tables; 0 beyond its end. */
export function at0(numbers: Int32Array | Uint16Array, index: number): number {
  return numbers[index] ?? 0;
}
