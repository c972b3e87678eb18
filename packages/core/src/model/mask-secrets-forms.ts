/** Of the lines of a value with several, those that are masked also when they stand alone. */
const LINE_CHARACTERS = 16;
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Every spelling in which the value of a secret is looked for: as it is, in base64 at each of the three places that
 * its first byte may have, base64url, hex, percent-encoded, and as it stands in JSON (also in JSON within JSON), XML
 * and a quoted shell word. Each once; the value first.
 */
export function secretForms(value: string): readonly string[] {
  const bytes = new TextEncoder().encode(value);
  const base64 = base64Forms(bytes);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const plain = [
    value,
    ...longLines(value),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    hex,
    hex.toUpperCase(),
    ...percentForms(value),
    xmlEscape(value),
    value.replaceAll("'", "'\\''"),
  ];
  return [...new Set(plain.flatMap((form) => [form, ...jsonForms(form)]))];
}

/** Keys and certificates come in lines that programs indent or quote one by one; their frames are no secret. */
function longLines(value: string): readonly string[] {
  const lines = value.split(/\r?\n/u).map((line) => line.trim());
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= LINE_CHARACTERS && !line.startsWith("-----"));
}

/**
 * The part of the base64 of any text with the value in it that the value alone decides: it begins at one of three
 * places in a group of three bytes. What `base64` and PEM files wrap at 76 and 64 columns is looked for as well.
 */
function base64Forms(bytes: Uint8Array): readonly string[] {
  const [whole = "", ...shifted] = [0, 1, 2].map((before) => {
    const decided = Math.floor(((before + bytes.length) * 8) / 6);
    return base64Of([...new Uint8Array(before), ...bytes]).slice(Math.ceil((before * 8) / 6), decided);
  });
  return [whole, ...shifted, ...[64, 76].map((columns) => wrap(whole, columns))];
}

/** As far as whole groups of six bits go: what comes behind is decided by what follows the value. */
function base64Of(bytes: readonly number[]): string {
  let text = "";
  let [left, bits] = [0, 0];
  for (const byte of bytes) {
    left = ((left << 8) | byte) & 0xffff;
    bits += 8;
    for (; bits >= 6; bits -= 6) text += BASE64.charAt((left >> (bits - 6)) & 63);
  }
  return text;
}

function wrap(text: string, columns: number): string {
  return text.replace(new RegExp(`.{${columns}}(?=.)`, "gu"), "$&\n");
}

function percentForms(value: string): readonly string[] {
  const sound = value.toWellFormed(); // half a character cannot be encoded
  const component = encodeURIComponent(sound);
  const strict = component.replace(/[!'()*]/gu, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, strict, strict.replaceAll("%20", "+"), encodeURI(sound)];
  return [...upper, ...upper.map((form) => form.replace(/%../gu, (code) => code.toLowerCase()))];
}

/** Inside a JSON string; with letters beyond ASCII as they are or escaped, slashes too, and once more in JSON. */
function jsonForms(text: string): readonly string[] {
  const once = jsonEscape(text);
  const ascii = once.replace(/[^ -~]/gu, (letter) => escapeUnits(letter));
  const forms = [once, ascii, ascii.replaceAll("/", "\\/")];
  return [...forms, ...forms.map(jsonEscape)];
}

function jsonEscape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeUnits(letter: string): string {
  return letter
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** The first one stands in all others. */
const ENTITIES = [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
] as const;

function xmlEscape(text: string): string {
  return ENTITIES.reduce((escaped, [letter, entity]) => escaped.replaceAll(letter, entity), text);
}
