/**
 * What happens at a point. `kill`: the process that makes the call dies; what it wrote stays. `power`: the machine goes
 * off; what was not synced may go. `stop`: the process is stopped as by SIGSTOP, and goes on when it is woken.
 */
export type StrikeKind = "kill" | "power" | "stop";

/** A state-changing call, counted over all processes of a case from 1, and where in it something happens. */
export interface CrashPoint {
  readonly call: number;
  /** `during`: a write has got half of its bytes to the file; any other call is as `before`. */
  readonly when: "before" | "during" | "after";
  readonly kind: StrikeKind;
}

/** The text that `--only` takes, such as `12.before.power+30.after.kill`; `none` = uninterrupted. */
export function formatPoints(points: readonly CrashPoint[]): string {
  return points.length === 0 ? "none" : points.map(({ call, when, kind }) => `${call}.${when}.${kind}`).join("+");
}

const POINT = /^([0-9]+)\.(before|during|after)\.(kill|power|stop)$/;

/** null for what {@link formatPoints} did not write. */
export function parsePoints(text: string): readonly CrashPoint[] | null {
  if (text === "none") return [];
  const points = text.split("+").map(parsePoint);
  return points.every((point) => point !== null) ? points : null;
}

function parsePoint(text: string): CrashPoint | null {
  const [, call, when, kind] = POINT.exec(text) ?? [];
  if (when !== "before" && when !== "during" && when !== "after") return null;
  if (kind !== "kill" && kind !== "power" && kind !== "stop") return null;
  return { call: Number(call), when, kind };
}
