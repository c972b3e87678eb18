import fc from "fast-check";
import { expect, test } from "vitest";
import { sanitizeLine, sanitizeText } from "./sanitize.js";

test.each([
  ["plain text stays", "a\tb\nc ä 漢 👍🏽", "a\tb\nc ä 漢 👍🏽"],
  ["colours vanish", "\u001b[1;31mred\u001b[0m", "red"],
  ["cursor moves vanish", "a\u001b[2J\u001b[Hb", "ab"],
  ["a title and a clipboard write vanish whole", "a\u001b]0;title\u0007b\u001b]52;c;aGk=\u001b\\c", "abc"],
  ["a link keeps its text", "\u001b]8;;http://x\u001b\\text\u001b]8;;\u001b\\", "text"],
  ["C1 forms count too", "a\u009b31mb\u009d0;t\u009cc", "abc"],
  ["an unfinished string swallows the rest, not more", "a\u001b]0;never ends", "a"],
  ["an unfinished sequence vanishes", "a\u001b[31", "a"],
  ["two-character sequences vanish", "a\u001b(Bb\u001b7c", "abc"],
  ["a lone ESC vanishes", "a\u001b", "a"],
  ["other controls vanish", "a\u0000\u0008\r\u007f\u0085b", "ab"],
  ["what has no width vanishes", "\ufeffa\u200bb\u00adc\u2060d", "abcd"],
  ["tags that hide text become visible, once for all of them", "a\u{e0041}\u{e0042}\u{e007f}b", "a\ufffdb"],
  ["line separators are newlines", "a\u2028b\u2029c", "a\nb\nc"],
  ["joiners of letters and emoji stay", "\u{1f469}\u200d\u{1f4bb}\ufe0f", "\u{1f469}\u200d\u{1f4bb}\ufe0f"],
  ["bidirectional overrides become visible", "a\u202eb\u2066c", "a\ufffdb\ufffdc"],
])("%s", (_, text, safe) => {
  expect(sanitizeText(text)).toBe(safe);
});

test("a line is one line", () => {
  expect(sanitizeLine("  a\n\tb \u001b[31m c\r\n")).toBe("a b c");
});

test("whatever comes in, nothing that steers a terminal comes out, and once is enough", () => {
  const nasty = fc.string({
    unit: fc.constantFrom("\u001b", "\u009b", "\u009d", "[", "]", "0", ";", "m", "\u0007", "\\", "\u202e", "a", "\n"),
  });
  fc.assert(
    fc.property(nasty, (text) => {
      const safe = sanitizeText(text);
      expect([...safe].every((one) => one === "\n" || one === "\ufffd" || (one >= " " && one <= "~"))).toBe(true);
      expect(sanitizeText(safe)).toBe(safe);
    }),
  );
});
