import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { acpAgentOptions } from "./options.js";
import { type ModeSetting, PRESETS } from "./presets.js";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

test("the example of the README has options as they are", async () => {
  const [, yaml = ""] = /```yaml\nagents:\n([\s\S]*?)```/.exec(readme) ?? [];
  const agents = yaml
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line.slice(line.indexOf("["))));
  expect(agents).toHaveLength(3);
  for (const [name, options] of agents) {
    expect(name).toBe("@troupe/agent-acp");
    expect(await acpAgentOptions["~standard"].validate(options)).not.toHaveProperty("issues");
  }
});

test("the table of the README names the presets as they are", () => {
  const show = (settings: readonly ModeSetting[] | undefined): string =>
    settings === undefined
      ? "-"
      : `\`${settings.map((each) => (typeof each === "string" ? each : `${each.option}=${each.value}`)).join(", ")}\``;
  const expected = Object.entries(PRESETS).map(([name, { command, pinned, modes }]) => [
    `\`${name}\``,
    `\`${command.join(" ")}\``,
    `\`${pinned}\``,
    ...[modes.readOnly, modes.ask, modes.edit, modes.full].map(show),
  ]);
  const [, table = ""] = /\| preset .*\n\|[ -|]+\n((?:\|.*\n)+)/.exec(readme) ?? [];
  const rows = table
    .trim()
    .split("\n")
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(expected);
});
