/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0, below `bound`, a whole number. */
  below(bound: number): number;
  /** Lower-case hex digits of so many bytes. */
  hex(bytes: number): string;
}

/** A 32-bit generator (mulberry32): good enough to choose with, and the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    below: (bound) => next() % bound,
    hex: (bytes) => Array.from({ length: bytes }, () => (next() & 0xff).toString(16).padStart(2, "0")).join(""),
  };
}
