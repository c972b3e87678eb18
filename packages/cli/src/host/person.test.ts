import { userInfo } from "node:os";
import { expect, test } from "vitest";
import { personOf } from "./person.js";

test("a person has the name that their system gives, wherever it stands", () => {
  expect(personOf({ USER: "ada", LOGNAME: "other" })).toBe("ada");
  expect(personOf({ USER: "", LOGNAME: "ada" })).toBe("ada");
  expect(personOf({ USERNAME: "ada" })).toBe("ada");
  expect(personOf({})).toBe(userInfo().username);
});

test("an account without a name is somebody", () => {
  const unknown = (): string => {
    throw new Error("ENOENT: uv_os_get_passwd");
  };
  expect(personOf({}, unknown)).toBe("somebody");
  expect(personOf({}, () => "")).toBe("somebody");
});
