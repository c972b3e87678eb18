import { expect, test } from "vitest";
import { personOf } from "./person.js";

test("a person has the name that their system gives, wherever it stands", () => {
  expect(personOf({ USER: "ada", LOGNAME: "other" })).toBe("ada");
  expect(personOf({ USER: "", LOGNAME: "ada" })).toBe("ada");
  expect(personOf({ USERNAME: "ada" })).toBe("ada");
  expect(personOf({})).toBe("somebody");
});
