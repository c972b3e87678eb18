import { readFile } from "node:fs/promises";
import { expect, it, vi } from "vitest";

it("shows an example that runs", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = await readFile(new URL("./readme-example.ts", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  const log = vi.spyOn(console, "log").mockReturnValue();
  await import("./readme-example.js");
  expect(log.mock.calls).toMatchInlineSnapshot(`
    [
      [
        "stages.yaml:3:13 error CONFIG_INVALID: unknown key "work_agnet" in stages.REVEIW
      2 |   BUILD: { run: [make] }
      3 |   REVEIW: { work_agnet: pm }
        |             ^^^^^^^^^^
      hint: did you mean "work_agent"?

    1 error
    ",
      ],
      [
        "Faster search",
        [
          {
            "isDone": null,
            "text": "answer in 100 ms",
          },
        ],
        14,
      ],
    ]
  `);
  log.mockRestore();
});
