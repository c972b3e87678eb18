import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.js";
import { compareDiagnostics, type Diagnostic, hasErrors } from "./diagnostic.js";
import { createDiagnosticLog } from "./diagnostic-log.js";
import { parseDuration } from "./duration.js";
import { featureName } from "./feature-name.js";
import { fileStem } from "./file-stem.js";
import { formatDiagnostic, formatDiagnostics } from "./format-diagnostic.js";
import { nearestName } from "./nearest-name.js";

describe("parseDuration", () => {
  it.each([
    ["90s", 90_000],
    ["2h", 7_200_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["1.5h", 5_400_000],
    ["1d2h3m4s5ms", 93_784_005],
    ["365d", 31_536_000_000],
    ["", null],
    ["90", null],
    ["0s", null],
    ["-1s", null],
    ["30m1h", null],
    ["1h1h", null],
    ["1 h", null],
    ["366d", null],
    ["2hours", null],
    [`${"1".repeat(200)}s`, null],
  ])("%s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });
});

describe("nearestName", () => {
  const names = ["work_agent", "review_agent", "max_rounds", "SPEC_REVIEW", "on", "B"];
  it.each([
    ["work_agnet", "work_agent"],
    ["work-agent", "work_agent"],
    ["WorkAgent", "work_agent"],
    ["spec_reveiw", "SPEC_REVIEW"],
    ["max_rou", "max_rounds"],
    ["review", "review_agent"],
    ["no", null],
    ["BB", "B"],
    ["cc", null],
    ["colour", null],
    ["", null],
    ["x".repeat(65), null],
  ])("%s -> %s", (name, nearest) => {
    expect(nearestName(name, names)).toBe(nearest);
  });

  it("passes over names that nobody mistypes", () => {
    expect(nearestName("abcdef", ["abcdefg".repeat(20)])).toBeNull();
  });
});

describe("featureName", () => {
  it.each([
    ["Add a User Login", "user-login"],
    ["Simplify README.md", "simplify-readme-md"],
    ["Größere Çafés, don't panic", "gro-ere-cafes"],
    ["the new feature", "the-new-feature"],
    ["数据", "objective"],
    [`${"x".repeat(40)} b c d`, `${"x".repeat(16)}-b-c`],
  ])("%s -> %s", (title, feature) => {
    expect(featureName([title])).toBe(feature);
  });

  it("takes the first candidate that has words", () => {
    expect(featureName([null, "", "数据", "second choice"])).toBe("second-choice");
  });
});

it.each([
  ["a/b/stages.yaml", "stages"],
  ["C:\\x\\o.v2.md", "o.v2"],
  [".hidden", ".hidden"],
])("the stem of %s is %s", (name, stem) => {
  expect(fileStem(name)).toBe(stem);
});

describe("decodeText", () => {
  const messageOf = (...bytes: number[]): readonly unknown[] => {
    const { text, diagnostics } = decodeText(Uint8Array.from(bytes), "f");
    return [text, ...diagnostics.map(({ message, line, column }) => [message, line, column])];
  };
  it("takes UTF-8 and drops its byte order mark", () => {
    expect(messageOf(0xef, 0xbb, 0xbf, 0xc3, 0xa4)).toEqual(["ä"]);
  });
  it("refuses UTF-16, with or without letters", () => {
    expect(messageOf(0xff, 0xfe, 0x61, 0)).toEqual([null, ["the file is UTF-16", 1, 1]]);
    expect(messageOf(0xfe, 0xff)).toEqual([null, ["the file is UTF-16", 1, 1]]);
  });
  it("says where bytes are not UTF-8 or NUL", () => {
    expect(messageOf(0x61, 0x0a, 0x62, 0xff, 0x63)).toEqual([null, ["the file is not UTF-8", 2, 2]]);
    expect(messageOf(0x61, 0xc3)).toEqual([null, ["the file is not UTF-8", 1, 2]]);
    expect(messageOf(0x61, 0x0a, 0)).toEqual([null, ["the file has a NUL character", 2, 1]]);
  });
  it("refuses more than 1 MiB", () => {
    const { text, diagnostics } = decodeText(new Uint8Array(1024 * 1024 + 1), "f");
    expect([text, diagnostics[0]?.message]).toEqual([null, "the file is larger than 1 MiB"]);
  });
});

const base: Diagnostic = {
  severity: "error",
  code: "CONFIG_INVALID",
  message: "m",
  file: "a.yaml",
  line: 2,
  column: 3,
  endLine: 2,
  endColumn: 5,
  hint: "h",
};

describe("formatDiagnostic", () => {
  it("colours on demand", () => {
    expect(formatDiagnostic(base, "x\nabcdef\n", { color: true })).toBe(
      "\u001b[1ma.yaml:2:3\u001b[0m \u001b[31merror CONFIG_INVALID\u001b[0m: m\n" +
        "  1 | x\n  2 | abcdef\n    |   \u001b[31m^^\u001b[0m\n  \u001b[1mhint:\u001b[0m h",
    );
  });
  it("leaves the frame out without a text or such a line", () => {
    expect(formatDiagnostic({ ...base, hint: null }, null)).toBe("a.yaml:2:3 error CONFIG_INVALID: m");
    expect(formatDiagnostic({ ...base, hint: null }, "one line")).toBe("a.yaml:2:3 error CONFIG_INVALID: m");
    expect(formatDiagnostic({ ...base, line: 1, hint: null }, "")).toBe("a.yaml:1:3 error CONFIG_INVALID: m");
  });
  it("lets nothing of the file reach the terminal", () => {
    const text = "\u001b[2J\u0007x\u202ey\tz\r";
    const shown = formatDiagnostic({ ...base, message: "a\u001b[31mb\nc", line: 1, endLine: 9, column: 1 }, text);
    expect(shown).toBe(
      "a.yaml:1:1 error CONFIG_INVALID: ab c\n  1 | \ufffd[2J\ufffdx\ufffdy z\n    | ^^^^^^^^^^\n  hint: h".replace(
        "^^^^^^^^^^",
        "^".repeat(text.trimEnd().length),
      ),
    );
  });
  it("cuts a long line around the mistake", () => {
    const text = `${"a".repeat(200)}HERE${"b".repeat(200)}`;
    const shown = formatDiagnostic({ ...base, line: 1, endLine: 1, column: 201, endColumn: 205, hint: null }, text);
    expect(shown.split("\n").slice(1)).toEqual([
      `  1 | …${"a".repeat(40)}HERE${"b".repeat(65)}…`,
      `    | ${" ".repeat(41)}^^^^`,
    ]);
    const narrow = formatDiagnostic({ ...base, line: 1, endLine: 1, column: 201, endColumn: 205 }, text, {
      columns: 1,
    });
    expect(
      Math.max(
        ...narrow
          .split("\n")
          .slice(1, 3)
          .map((line) => line.length),
      ),
    ).toBeLessThan(40);
  });
  it("puts the marker below its words where characters are wide, combined or cut", () => {
    const marked = (text: string): readonly string[] => {
      const column = text.indexOf("HERE") + 1;
      const place = { line: 1, endLine: 1, column, endColumn: column + 4, hint: null };
      return formatDiagnostic({ ...base, ...place }, text)
        .split("\n")
        .slice(1);
    };
    expect(marked("計画 HERE")).toEqual(["  1 | 計画 HERE", "    |      ^^^^"]);
    expect(marked("e\u0301 🚀 HERE")).toEqual(["  1 | e\u0301 🚀 HERE", "    |      ^^^^"]);
    expect(marked("👩\u200d💻\tHERE\r")).toEqual(["  1 | 👩\ufffd💻 HERE", "    |       ^^^^"]);
    expect(marked(`${"計".repeat(100)}HERE`)[1]).toBe(`    | ${" ".repeat(41)}^^^^`);
  });
  it("counts errors and warnings", () => {
    const all = [base, { ...base, severity: "warning" as const }, base];
    expect(formatDiagnostics(all, new Map()).split("\n").at(-2)).toBe("2 errors, 1 warning");
    expect(formatDiagnostics([], new Map())).toBe("");
    expect([hasErrors(all), hasErrors(all.slice(1, 2))]).toEqual([true, false]);
  });
});

it("sorts by file, place and message", () => {
  const all = [{ ...base, file: "b" }, { ...base, message: "z" }, base, { ...base, column: 1 }, { ...base, line: 1 }];
  expect(
    all.sort(compareDiagnostics).map(({ file, line, column, message }) => `${file} ${line} ${column} ${message}`),
  ).toEqual(["a.yaml 1 3 m", "a.yaml 2 1 m", "a.yaml 2 3 m", "a.yaml 2 3 z", "b 2 3 m"]);
});

it("says how many mistakes are left out", () => {
  const list = (count: number): readonly (string | undefined)[] => {
    const log = createDiagnosticLog("f", "x");
    for (let index = 0; index < count; index++) log.add({ span: { start: 0, end: 0 }, message: "y".repeat(500) });
    return [String(log.list().length), log.list()[0]?.message.slice(-4), log.list().at(-1)?.message.slice(0, 40)];
  };
  expect(list(100)).toEqual(["100", "y...", "y".repeat(40)]);
  expect(list(101)).toEqual(["101", "y...", "1 more mistake is not shown"]);
  expect(list(300)).toEqual(["101", "y...", "200 more mistakes are not shown"]);
});
