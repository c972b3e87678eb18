import type { CrashPoint, StrikeKind } from "./crash-points.js";
import { createRandom, type Random } from "./random.js";
import { LOSS_STYLES, type LossStyle } from "./survival.js";

/** What is to happen in one case. */
export interface PlannedCase {
  readonly points: readonly CrashPoint[];
  readonly loss: LossStyle;
  readonly seed: number;
}

/** How many cases of each sort; `every` = at each n-th call, so 1 = at every one. */
export interface CaseSizes {
  readonly every: number;
  /** Styles of power loss at each point. */
  readonly losses: number;
  /** Stops of the holder at each n-th call. */
  readonly stopEvery: number;
  /** Cases with a second strike during the recovery, and with a third. */
  readonly twice: number;
  readonly thrice: number;
}

const WHEN = ["before", "during", "after"] as const;
/** A recovery makes about so many calls before the run goes on as it would have. */
const RECOVERY_CALLS = 24;

/** The cases of a scenario whose uninterrupted run makes `calls` calls; the same for the same arguments. */
export function* planCases(calls: readonly string[], sizes: CaseSizes, seed: number): Generator<PlannedCase> {
  const random = createRandom(seed);
  for (let call = 1; call <= calls.length; call += 1) {
    const isWrite = calls[call - 1]?.startsWith("write ") === true;
    const isChosen = call % sizes.every === random.below(sizes.every);
    for (const when of isChosen ? WHEN : []) {
      if (when === "during" && !isWrite) continue;
      yield { points: [{ call, when, kind: "kill" }], loss: "all", seed: seed + call };
      for (const loss of losses(sizes.losses, random)) {
        yield { points: [{ call, when, kind: "power" }], loss, seed: seed + call };
      }
    }
    if (call % sizes.stopEvery === 0) {
      yield {
        points: [{ call, when: oneOf(["before", "after"], random), kind: "stop" }],
        loss: "all",
        seed: seed + call,
      };
    }
  }
  for (let index = 0; index < sizes.twice + sizes.thrice; index += 1) {
    const count = index < sizes.twice ? 2 : 3;
    yield { points: several(count, calls.length, random), loss: oneOf(LOSS_STYLES, random), seed: seed + index };
  }
}

/** The first strike anywhere, each further one while what came before it is being recovered from. */
function several(count: number, calls: number, random: Random): readonly CrashPoint[] {
  const points: CrashPoint[] = [];
  let call = 1 + random.below(calls);
  for (let index = 0; index < count; index += 1) {
    const kinds: readonly StrikeKind[] = index + 1 < count && random.below(8) === 0 ? ["stop"] : ["kill", "power"];
    points.push({ call, when: oneOf(WHEN, random), kind: oneOf(kinds, random) });
    call += 1 + random.below(RECOVERY_CALLS);
  }
  return points;
}

/** The harshest one, and others in turn. */
function losses(count: number, random: Random): readonly LossStyle[] {
  if (count >= LOSS_STYLES.length) return LOSS_STYLES;
  const [first = "all", ...rest] = LOSS_STYLES;
  return [random.below(2) === 0 ? first : oneOf(rest, random)];
}

function oneOf<T>(values: readonly T[], random: Random): T {
  const value = values[random.below(values.length)];
  if (value === undefined) throw new Error("nothing to choose from");
  return value;
}
