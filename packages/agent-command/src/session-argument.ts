import { readSessionMark, type SessionMark } from "@troupe/core";

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Null = no id that could be given to a program as an argument. */
export function sessionForArgument(session: string): SessionMark | null {
  const mark = readSessionMark(session);
  return ID.test(mark.id) ? mark : null;
}
