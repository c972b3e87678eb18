import type { ErrorCode } from "../errors/codes.js";
import type { SerializedError } from "../errors/troupe-error.js";
import type { AgentId, TurnId } from "../model/ids.js";
import type { TurnKind, Verdict } from "../model/turn.js";
import type { SettledTurn } from "./run-state.js";

/** What follows for one stage from where it stands. */
export type Step =
  | { readonly do: "turn"; readonly kind: TurnKind; readonly round: number; readonly agent: AgentId | null }
  /** A turn again, not before `at` (ms since the epoch). */
  | { readonly do: "delay"; readonly at: number }
  | { readonly do: "conclude"; readonly turn: TurnId; readonly round: number; readonly verdict: Verdict }
  | { readonly do: "ask"; readonly turn: TurnId }
  | { readonly do: "complete"; readonly turn: TurnId | null }
  | { readonly do: "fail"; readonly turn: TurnId | null; readonly error: SerializedError }
  | { readonly do: "skip"; readonly by: "flag" | "condition" };

export type TurnStep = Extract<Step, { readonly do: "turn" }>;
export type DelayStep = Extract<Step, { readonly do: "delay" }>;
export type FailStep = Extract<Step, { readonly do: "fail" }>;
/** A step that is an event and no turn. */
export type OutcomeStep = Exclude<Step, TurnStep | DelayStep>;

export function turnAgain({ turn }: SettledTurn): TurnStep {
  return { do: "turn", kind: turn.kind, round: turn.round, agent: turn.agent };
}

export function fail(
  turn: TurnId | null,
  code: ErrorCode,
  message: string,
  hint: string,
  details: SerializedError["details"] = {},
): FailStep {
  return { do: "fail", turn, error: { code, message, hint, details } };
}
