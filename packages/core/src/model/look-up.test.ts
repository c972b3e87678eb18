import { expect, test } from "vitest";
import { itemAt, lookUp } from "./look-up.js";

test("what is there is given, by name and by position", () => {
  expect([lookUp(new Map([["A", 1]]), "A"), itemAt(["a", "b"], 1), itemAt(new Uint32Array([7]), 0)]).toEqual([
    1,
    "b",
    7,
  ]);
});

test("what is not there is a mistake of Troupe, and says so", () => {
  const codes = [() => lookUp(new Map(), "A"), () => itemAt([], 0), () => itemAt(new Uint32Array(1), 1)].map((look) => {
    try {
      return look();
    } catch (error) {
      return error;
    }
  });
  expect(codes).toEqual([
    expect.objectContaining({ code: "INTERNAL", message: "nothing is known of A" }),
    expect.objectContaining({ code: "INTERNAL", message: "nothing is known of position 0" }),
    expect.objectContaining({ code: "INTERNAL", message: "nothing is known of position 1" }),
  ]);
});
