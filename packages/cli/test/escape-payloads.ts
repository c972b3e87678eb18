const ESC = "\u001b";

/** Ways to steer a terminal, each around the word PWNED where there is room for one; more than 200. */
export const PAYLOADS: readonly string[] = [
  // CSI: every final byte, with parameters, private marks and intermediates; also the C1 form
  ...range(0x40, 0x7e).flatMap((final) => [`${ESC}[${final}`, `\u009b1;2${final}`]),
  ...["?25l", "?1049h", ">c", "=0c", "2 q", "!p", "31", "38;5;1", "200~", "?"].map((rest) => `${ESC}[${rest}`),
  // strings: OSC (title, colours, links, clipboard, files), DCS, APC, PM, SOS, each with each of their ends
  ...[
    "0;PWNED",
    "2;PWNED",
    "4;1;red",
    "7;file://x/",
    "8;;http://x",
    "9;PWNED",
    "52;c;UFdORUQ=",
    "133;A",
    "777;notify",
    "1337;File=:QQ==",
  ].flatMap((text) => [`${ESC}]${text}\u0007`, `${ESC}]${text}${ESC}\\`, `\u009d${text}\u009c`, `${ESC}]${text}`]),
  ...["P", "X", "^", "_"].flatMap((start) => [`${ESC}${start}1$qPWNED${ESC}\\`, `${ESC}${start}q"1;1#0;PWNED`]),
  ...["\u0090", "\u0098", "\u009e", "\u009f"].map((start) => `${start}PWNED\u009c`),
  // two characters: reset, save, charsets, keypads
  ...["c", "7", "8", "D", "E", "H", "M", "N", "O", "Z", "=", ">", "(0", ")B", "#8", "%G", " F", "~"].map(
    (end) => `${ESC}${end}`,
  ),
  // single controls: C0 but for newline and tab, DEL, C1
  ...range(0x00, 0x08),
  ...range(0x0b, 0x1f),
  ...range(0x7f, 0x9f),
  // text that is not what it looks like
  ...[
    "\u061c",
    "\u200b",
    "\u200e",
    "\u200f",
    "\u2028",
    "\u202a",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u00ad",
    "\ufff9",
    "\u{e0041}\u{e007f}",
    "\u{e0101}",
  ],
  "good\rPWNED",
  "good\b\b\b\bPWNED",
];

function range(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n));
}

/** What may come to a terminal as text: printable letters, newlines, tabs. Everything else, as its code. */
export function unsafeIn(text: string): readonly string[] {
  const found = text.match(/[^\n\t\P{C}]|\u2028|\u2029|[\u{e0100}-\u{e01ef}]/gu) ?? [];
  return [...new Set(found)]
    .filter((one) => one !== "\u200c" && one !== "\u200d")
    .map((one) => `U+${one.codePointAt(0)?.toString(16)}`);
}
