import { boundText, type Json, type Usage } from "@troupe/core";
import type { JsonObject } from "./json-lines.js";

/** A call as the program tells it. */
export interface ToolCall {
  readonly id: string;
  /** With the name of its server, in the program's own way. */
  readonly name: string;
  readonly input: Json | undefined;
  /** Null = it runs. */
  readonly isWell: boolean | null;
}

/** What a program's stream has told so far about its turn. */
export interface StreamState {
  /** The program's own id of the session. */
  readonly session: string | null;
  /** The agent's last message: what it wrote since it last used a tool, or the result that the program names as such. */
  readonly text: string | null;
  /** The next piece of text begins a new message. */
  readonly isMessageOver: boolean;
  /** Ids of the tools that run. */
  readonly tools: readonly string[];
  /** Calls of tools that have servers, in the order of their ends or beginnings. */
  readonly calls: readonly ToolCall[];
  /** Of this turn only. */
  readonly usage: Usage | null;
  /** Of the whole session, where the program tells only that. */
  readonly total: Usage | null;
  /** The program has said that the turn is over, well or not. */
  readonly isDone: boolean;
  /** What the program gives as the reason of a failure. */
  readonly error: string | null;
  /** Wall time in ms at which a limit resets that has stopped the turn. */
  readonly resetsAt: number | null;
  /** The result by the schema that was asked for; undefined = none. */
  readonly structured: Json | undefined;
}

/** Takes one object of a program's stream into account. Pure; what it does not know, it passes over. */
export type ReadStream = (state: StreamState, event: JsonObject) => StreamState;

export const NOTHING_READ: StreamState = {
  session: null,
  text: null,
  isMessageOver: true,
  tools: [],
  calls: [],
  usage: null,
  total: null,
  isDone: false,
  error: null,
  resetsAt: null,
  structured: undefined,
};

export function startTool(state: StreamState, id: string): StreamState {
  return state.tools.includes(id) ? state : { ...state, tools: [...state.tools, id] };
}

/** Notes a call, or what is new of it. */
export function noteCall(state: StreamState, call: ToolCall): StreamState {
  return { ...state, calls: [...state.calls.filter(({ id }) => id !== call.id), call] };
}

export function endCall(state: StreamState, id: string, isWell: boolean): StreamState {
  const call = state.calls.find((one) => one.id === id);
  return call === undefined ? state : noteCall(state, { ...call, isWell });
}

export function endTool(state: StreamState, id: string): StreamState {
  return state.tools.includes(id) ? { ...state, tools: state.tools.filter((tool) => tool !== id) } : state;
}

/** Adds to the message, or begins a new one after the last was over. */
export function addText(state: StreamState, text: string, separator: string = ""): StreamState {
  const before = state.isMessageOver || state.text === null ? "" : state.text + separator;
  return { ...state, text: boundText(before + text), isMessageOver: false };
}

/** What is unknown on either side adds nothing; unknown on both stays unknown. */
export function addUsage(one: Usage | null, other: Usage | null): Usage | null {
  if (one === null || other === null) return one ?? other;
  return {
    inputTokens: sum(one.inputTokens, other.inputTokens),
    outputTokens: sum(one.outputTokens, other.outputTokens),
    costUsd: sum(one.costUsd, other.costUsd),
  };
}

/** Null = none of the amounts is known. */
export function sum(...amounts: readonly (number | null)[]): number | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 ? null : known.reduce((total, amount) => total + amount, 0);
}
