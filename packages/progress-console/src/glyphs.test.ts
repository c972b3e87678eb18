import { expect, test } from "vitest";
import type { Glyphs } from "./glyphs.js";
import { ASCII_GLYPHS, glyphsFor, UNICODE_GLYPHS } from "./glyphs.js";

test.each<[string, Readonly<Record<string, string>>, Glyphs]>([
  ["no locale at all", {}, UNICODE_GLYPHS],
  ["an empty locale", { LC_ALL: "", LANG: "" }, UNICODE_GLYPHS],
  ["a UTF-8 locale", { LANG: "de_DE.UTF-8" }, UNICODE_GLYPHS],
  ["a UTF-8 locale, written otherwise", { LANG: "C.utf8" }, UNICODE_GLYPHS],
  ["the locale C", { LANG: "C" }, ASCII_GLYPHS],
  ["another character set", { LANG: "ja_JP.eucJP" }, ASCII_GLYPHS],
  ["LC_ALL before LANG", { LC_ALL: "POSIX", LANG: "C.UTF-8" }, ASCII_GLYPHS],
  ["LC_CTYPE before LANG", { LC_CTYPE: "C.UTF-8", LANG: "C" }, UNICODE_GLYPHS],
  ["the console of Linux", { TERM: "linux", LANG: "C.UTF-8" }, ASCII_GLYPHS],
  ["the old console of Windows", { OS: "Windows_NT" }, ASCII_GLYPHS],
  ["Windows Terminal", { OS: "Windows_NT", WT_SESSION: "1" }, UNICODE_GLYPHS],
])("%s", (_what, environment, glyphs) => {
  expect(glyphsFor({ environment })).toBe(glyphs);
});

test.each([
  ["plain text stays", "plain ~ text", "plain ~ text"],
  ["accents go", "étude e\u0301 Ünïcode", "etude e Unicode"],
  ["punctuation is said in ASCII", "“a” – b… → c", '"a" - b... -> c'],
  ["full-width letters are letters", "ＡＢ１", "AB1"],
  ["one sign for what is seen as one", "👩‍👩‍👧‍👦🇫🇷研", "???"],
])("in ASCII %s", (_what, text, ascii) => {
  expect(ASCII_GLYPHS.text(text)).toBe(ascii);
});
