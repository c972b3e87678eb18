import { crc32 as crc32OfNode } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32 } from "./crc32.js";

test("it is the sum that Node knows, of texts and bytes, before and after Node is asked", () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const part = fc.tuple(bytes, fc.nat(9)).map(([whole, start]) => whole.subarray(start)); // begins at any place in memory
  const content = fc.oneof(fc.string({ unit: "binary" }), bytes, part);
  const agree = (): void =>
    fc.assert(
      fc.property(content, (some) => {
        expect(crc32(some)).toBe(crc32OfNode(some));
      }),
      { numRuns: 50 },
    );
  agree();
  expect(crc32("123456789")).toBe(0xcbf43926);
  const much = Buffer.alloc(300 * 1024, "much ");
  expect(crc32(much)).toBe(crc32OfNode(much));
  agree();
});
