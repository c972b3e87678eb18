import { Command } from "commander";
import { expect, test } from "vitest";
import { createCli, LONG, TWO_STAGE_FILES } from "../../test/cli-harness.js";
import { addCommands } from "../arguments/all-commands.js";
import { placeOf, repeatPlace } from "./repeated-place.js";

test("hints of a command that works elsewhere work there when pasted", async () => {
  const cli = await createCli(
    Object.fromEntries(Object.entries(TWO_STAGE_FILES).map(([name, text]) => [`the project/${name}`, text])),
  );
  const there = ["--cwd", "the project"];
  expect(await cli.shown(...there, "status")).toContain(
    "hint: Start one: troupe --cwd 'the project' run objective.md\n",
  );
  expect(await cli.shown(...there, "run", "objective.md", "--until", "FIRST")).toContain(
    "\nGo on with the rest: troupe --cwd 'the project' resume RUN\n",
  );
  expect(await cli.shown("list", ...there)).toContain("\nAll of one: troupe --cwd 'the project' show RUN\n");
  expect(await cli.shown("status", ...there)).toContain("\nNext: troupe --cwd 'the project' resume RUN\n");
  expect(await cli.shown("show", "--cwd=the project")).toContain(
    "One stage, with what it answered: troupe --cwd 'the project' show RUN",
  );
  expect(await cli.shown("show", "nope", "--cwd=the project")).toContain(
    "hint: See all runs: troupe --cwd 'the project' list\n",
  );
});

test("a run that is stopped says how to go on with it there", async () => {
  const cli = await createCli(LONG);
  const running = cli.run("run", "objective.md", "--cwd", ".");
  await cli.journaled("turn.started");
  cli.signal("SIGINT");
  expect((await running).stdout).toContain("Saved. Resume with: troupe --cwd . resume RUN\n");
});

test("a hint is left alone where nothing was said, where it names another place, and where it is no command", () => {
  expect(repeatPlace("See: troupe list", {})).toBe("See: troupe list");
  expect(repeatPlace("Name another: troupe init --cwd DIR", { cwd: "a" })).toBe("Name another: troupe init --cwd DIR");
  expect(repeatPlace("troupe itself, /x/troupe list", { cwd: "a" })).toBe("troupe itself, /x/troupe list");
  expect(repeatPlace("troupe list", { cwd: "a", config: "b c" })).toBe("troupe --cwd a --config 'b c' list");
});

test("the place is read from a command line as it was typed, the last one counts", () => {
  expect(placeOf(["list", "--cwd", "a", "--config=b=c", "--cwd=d"])).toEqual({ cwd: "d", config: "b=c" });
  expect(placeOf(["list", "--cwd"])).toEqual({});
  expect(placeOf(["run", "--", "--cwd", "a"])).toEqual({});
});

test("every command that looks at a project is known to hints", () => {
  const program = new Command("troupe");
  addCommands(program, async () => {});
  const names = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
  const unknown = names.filter((name) => repeatPlace(`troupe ${name}`, { cwd: "a" }) === `troupe ${name}`);
  expect(unknown).toEqual(["schema", "completion", "help"]);
});
