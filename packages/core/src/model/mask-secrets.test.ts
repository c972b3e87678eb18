import fc from "fast-check";
import { expect, test } from "vitest";
import { createSecretMasker, NO_SECRETS } from "./mask-secrets.js";
import type { MaskStream } from "./mask-secrets-stream.js";

const VALUE = "s3cr3t/+Val ue&'<ü>=\"x\\y";
const masker = createSecretMasker([{ name: "TOKEN", value: VALUE }]);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const percent = encodeURIComponent(VALUE);

function through(stream: MaskStream, chunks: readonly Uint8Array[]): string {
  return Buffer.concat([...chunks.map((chunk) => stream.push(chunk)), stream.end()]).toString("utf8");
}

test.each([
  ["as it is", VALUE],
  ["in JSON", JSON.stringify(VALUE).slice(1, -1)],
  ["in JSON within JSON", JSON.stringify(JSON.stringify(VALUE)).slice(3, -3)],
  ["in JSON of ASCII only", JSON.stringify(VALUE).slice(1, -1).replace("ü", "\\u00fc")],
  ["in JSON with escaped slashes", JSON.stringify(VALUE).slice(1, -1).replace("ü", "\\u00fc").replaceAll("/", "\\/")],
  ["percent-encoded", percent],
  ["percent-encoded in lower case", percent.replace(/%../g, (code) => code.toLowerCase())],
  ["percent-encoded strictly", percent.replaceAll("'", "%27")],
  ["as a form field", percent.replaceAll("'", "%27").replaceAll("%20", "+")],
  ["in hex", Buffer.from(VALUE).toString("hex")],
  ["in upper-case hex", Buffer.from(VALUE).toString("hex").toUpperCase()],
  ["in XML", "s3cr3t/+Val ue&amp;&apos;&lt;ü&gt;=&quot;x\\y"],
  ["in a quoted shell word", VALUE.replaceAll("'", "'\\''")],
])("finds a value %s", (_, form) => {
  expect(masker.mask(`before ${form} after`)).toBe("before [secret TOKEN] after");
  expect(masker.find(`before ${form} after`)).toEqual(["TOKEN"]);
});

test("finds a value in base64 wherever it begins, and in base64url", () => {
  for (const encoding of ["base64", "base64url"] as const) {
    for (const before of ["", "u", "us", "user:pass and more:"]) {
      for (const after of ["", "z", "zz"]) {
        const encoded = Buffer.from(before + VALUE + after).toString(encoding);
        const masked = masker.mask(`Authorization: Basic ${encoded}`);
        expect(masked).toContain("[secret TOKEN]");
        // what is left of it are the letters that the neighbours have a part in: bits, not bytes of the value
        const left = masked.replace("Authorization: Basic ", "").split("[secret TOKEN]");
        const bytes = left.map((part) => Buffer.from(part.replace(/=+$/, ""), "base64").length);
        expect(bytes.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(before.length + after.length + 3);
      }
    }
  }
});

test("finds a long value in base64 that is wrapped, and the lines of a key one by one", () => {
  const value = `-----BEGIN KEY-----\n${"q7WmLzX9".repeat(8)}\n${"kP2vR5tY".repeat(8)}\n-----END KEY-----`;
  const key = createSecretMasker([{ name: "KEY", value }]);
  const encoded = Buffer.from(value).toString("base64");
  const [first = "", second = ""] = encoded.match(/.{1,76}/g) ?? [];
  const wrapped = encoded.replace(/.{76}(?=.)/g, "$&\n");
  expect(key.mask(`${wrapped}\n`)).not.toContain(first);
  expect(key.mask(`${wrapped}\n`)).not.toContain(second);
  expect(key.mask(`  ${"q7WmLzX9".repeat(8)}\r\n  ${"kP2vR5tY".repeat(8)}`)).toBe("  [secret KEY]\r\n  [secret KEY]");
  expect(key.mask("-----BEGIN KEY-----")).toBe("-----BEGIN KEY-----");
});

test("masks a value that is split at any byte, also within a letter, and keeps back no more than it must", () => {
  for (const form of [VALUE, Buffer.from(VALUE).toString("base64"), Buffer.from(VALUE).toString("hex"), percent]) {
    const bytes = utf8(`a ü ${form} ü b`);
    const whole = through(masker.createStream(), [bytes]);
    expect(whole).toContain("[secret TOKEN]");
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(through(masker.createStream(), [bytes.subarray(0, at), bytes.subarray(at)])).toBe(whole);
    }
    expect(
      through(
        masker.createStream(),
        [...bytes].map((byte) => Uint8Array.of(byte)),
      ),
    ).toBe(whole);
  }
  const stream = masker.createStream();
  expect(Buffer.from(stream.push(utf8("done s3c"))).toString()).toBe("done ");
  expect(Buffer.from(stream.push(utf8("ond"))).toString()).toBe("s3cond");
  expect(stream.end()).toEqual(new Uint8Array(0));
});

test("gives out what only began like a value when the stream ends, and begins anew", () => {
  const stream = masker.createStream();
  expect(Buffer.from(stream.push(utf8("s3cr3t"))).toString()).toBe("");
  expect(Buffer.from(stream.end()).toString()).toBe("s3cr3t");
  expect(Buffer.from(stream.push(utf8("/+Val ue"))).toString()).toBe("/+Val ue");
});

test("of values that overlap or contain each other nothing is left over", () => {
  const many = createSecretMasker([
    { name: "A", value: "abcdefgh" },
    { name: "B", value: "efghijkl" },
    { name: "C", value: "xxabcdefghxx" },
    { name: "D", value: "cdefgh" },
  ]);
  expect(many.mask("-abcdefghijkl-")).toBe("-[secret A]-");
  expect(many.mask("-xxabcdefghxx-")).toBe("-[secret C]-");
  expect(many.mask("-xxabcdefghijkl-")).toBe("-xx[secret A]-");
  expect(many.mask("abcdefghefghijkl")).toBe("[secret A][secret B]");
  const loop = createSecretMasker([{ name: "L", value: "ababab" }]);
  expect(loop.mask(`-${"ab".repeat(5000)}-`)).toBe("-[secret L]-");
  const chunks = Array.from({ length: 500 }, () => utf8("ababa".repeat(3)));
  expect(through(loop.createStream(), [utf8("ababab".repeat(100)), ...chunks])).toMatch(/^\[secret L\]/);
});

test("leaves values that are too short alone, and masks nothing when there is nothing to mask", () => {
  expect(createSecretMasker([{ name: "PIN", value: "12345" }])).toBe(NO_SECRETS);
  expect(NO_SECRETS.mask("12345")).toBe("12345");
  expect(through(NO_SECRETS.createStream(), [utf8("12345")])).toBe("12345");
  expect(NO_SECRETS.find("12345")).toEqual([]);
  const text = "half a letter \ud800 stays";
  expect(masker.mask(text)).toBe(text);
  expect(masker.find(text)).toEqual([]);
});

test("labels are bare when a value would be found in them, so that masking twice changes nothing", () => {
  const odd = createSecretMasker([
    { name: "TOKEN", value: "secret" },
    { name: "API_KEY", value: "API_KEY" },
  ]);
  expect(odd.mask("a secret API_KEY")).toBe("a *** ***");
  expect(odd.mask(odd.mask("a secret API_KEY"))).toBe("a *** ***");
});

test("of the same value the first name counts", () => {
  const twins = createSecretMasker([
    { name: "ONE", value: "the same value" },
    { name: "TWO", value: "the same value" },
  ]);
  expect(twins.mask("the same value")).toBe("[secret ONE]");
});

test("whatever the text and the pieces, no value is left, and the rest is as it was", () => {
  const letters = fc.constantFrom("a", "b", "c", "ü", " ");
  const value = fc.string({ unit: letters, minLength: 6, maxLength: 9 });
  const setup = fc.record({
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
    parts: fc.array(fc.oneof(fc.string({ unit: letters, maxLength: 4 }), fc.nat(3)), { maxLength: 20 }),
    cuts: fc.array(fc.nat(200), { maxLength: 8 }),
  });
  fc.assert(
    fc.property(setup, ({ values, parts, cuts }) => {
      const some = createSecretMasker(values.map((one, index) => ({ name: `N${index}`, value: one })));
      const text = parts.map((part) => (typeof part === "string" ? part : (values[part] ?? ""))).join("");
      const masked = some.mask(text);
      expect(values.some((one) => masked.includes(one))).toBe(false);
      expect(some.mask(masked)).toBe(masked);
      const bytes = utf8(text);
      const places = [0, ...cuts.filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
      const streamed = through(some.createStream(), chunks);
      expect(streamed.replaceAll(/\[secret N\d\]/g, "#")).toBe(masked.replaceAll(/\[secret N\d\]/g, "#"));
    }),
    { numRuns: 500 },
  );
});

test("costs no more for many secrets than for one", () => {
  const secrets = Array.from({ length: 20 }, (_, n) => ({ name: `S${n}`, value: `value-${n}-${"k".repeat(40)}${n}` }));
  const chunk = utf8("A line of output that holds no value-3-kkkkk of a secret at all, 0123456789.\n".repeat(800));
  const measure = (some: typeof secrets): number => {
    const stream = createSecretMasker(some).createStream();
    stream.push(chunk);
    const start = process.cpuUsage().user;
    for (let n = 0; n < 40; n += 1) expect(stream.push(chunk)).toBe(chunk);
    return process.cpuUsage().user - start;
  };
  const one = Math.max(measure(secrets.slice(0, 1)), 1_000);
  expect(measure(secrets) / one).toBeLessThan(8);
}, 30_000);
