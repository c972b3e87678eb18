import { expect, test } from "vitest";
import { annotation, groupStart, withoutCommands } from "./github-commands.js";

test("what the runner would take for its own syntax is escaped", () => {
  const message = "100%\r\nof a: b, c ::set-output::x ##[error]y";
  expect(annotation({ level: "error", title: "A: 1, 50%", message })).toBe(
    "::error title=A%3A 1%2C 50%25::100%25%0D%0Aof a: b, c ::set-output::x ## [error]y",
  );
  expect(groupStart("a\n::endgroup::")).toBe("::group::a%0A::endgroup::");
});

test.each([
  ["::add-mask::x", ": :add-mask::x"],
  ["  ::add-mask::x", "  : :add-mask::x"],
  ["15:00:00 a ##[add-mask]x ##[error]", "15:00:00 a ## [add-mask]x ## [error]"],
  ["15:00:00 a::b", "15:00:00 a::b"],
])("a line that is only shown commands nothing: %s", (line, shown) => {
  expect(withoutCommands(line)).toBe(shown);
});
