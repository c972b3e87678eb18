import { expect, test } from "vitest";
import { ERROR_CODES } from "./codes.js";
import {
  deserializeError,
  exitCodeOf,
  hasCode,
  isTroupeError,
  serializeError,
  TroupeError,
  unreachable,
} from "./troupe-error.js";

test("an error carries its code, message, hint, details and cause", () => {
  const cause = new Error("EACCES");
  const error = new TroupeError("STORE_FAILED", "cannot write", {
    hint: "chmod u+w .troupe",
    details: { at: 7 },
    cause,
  });
  expect({ ...error }).toEqual({
    name: "TroupeError",
    code: "STORE_FAILED",
    hint: "chmod u+w .troupe",
    details: { at: 7 },
  });
  expect([error.message, error.cause]).toEqual(["cannot write", cause]);
});

test("what is not given is known to be none", () => {
  const error = new TroupeError("INTERNAL", "odd");
  expect([error.hint, error.details, "cause" in error]).toEqual([null, {}, false]);
});

test("an error of another copy of this package is recognised, anything else is not", () => {
  const foreign = { [Symbol.for("@troupe/core/TroupeError")]: true, code: "USAGE" };
  expect([new TroupeError("USAGE", "x"), foreign].map(isTroupeError)).toEqual([true, true]);
  expect([new Error("x"), null, undefined, "x", {}].map(isTroupeError)).toEqual([false, false, false, false, false]);
});

test("a code is asked for among several", () => {
  const error = new TroupeError("RUN_LOCKED", "held");
  expect([
    hasCode(error, "RUN_EXISTS", "RUN_LOCKED"),
    hasCode(error, "USAGE"),
    hasCode(new Error("x"), "USAGE"),
  ]).toEqual([true, false, false]);
});

test("every code has an exit code and one sentence; what is no Troupe error ends with 6", () => {
  expect(exitCodeOf(new TroupeError("LIMIT_REACHED", "over"))).toBe(7);
  expect(exitCodeOf(new Error("x"))).toBe(6);
  for (const { summary, exitCode } of Object.values(ERROR_CODES)) {
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(exitCode).toBeGreaterThan(0);
  }
});

test("an error survives JSON, without its stack and cause", () => {
  const bare = new TroupeError("TURN_FAILED", "broke", { hint: "look", cause: new Error("why") });
  expect(serializeError(bare)).toEqual({ code: "TURN_FAILED", message: "broke", hint: "look" });
  const full = new TroupeError("ARTIFACT_MISSING", "gone", { details: { missing: ["a.md"] } });
  const text = JSON.stringify(serializeError(full));
  expect(text).toBe('{"code":"ARTIFACT_MISSING","message":"gone","hint":null,"details":{"missing":["a.md"]}}');
  expect({ ...deserializeError(JSON.parse(text)) }).toEqual({ ...full });
  expect({ ...deserializeError(serializeError(bare)) }).toEqual({ ...bare });
});

test("anything thrown has a journal form", () => {
  expect(serializeError(new Error("x"))).toEqual({ code: "INTERNAL", message: "x", hint: null });
  expect(serializeError({ toString: null })).toEqual({ code: "INTERNAL", message: "[object Object]", hint: null });
  expect(serializeError("boom", "TURN_FAILED")).toEqual({ code: "TURN_FAILED", message: "boom", hint: null });
});

test("what the types rule out is a mistake of Troupe when it happens", () => {
  expect(() => unreachable(JSON.parse('{"do":"dance"}') as never)).toThrow('unreachable: {"do":"dance"}');
});
