import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test("the example of the README is the one that is tested", async () => {
  const [readme, example] = await Promise.all(
    ["../README.md", "../test/readme-example.test.ts"].map((path) => readFile(new URL(path, import.meta.url), "utf8")),
  );
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
