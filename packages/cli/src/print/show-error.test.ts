import { TroupeError } from "@troupe/core";
import { expect, test } from "vitest";
import { createCli, pluginModule } from "../../test/cli-harness.js";
import { showError } from "./show-error.js";

function shown(error: unknown, isVerbose = false): string {
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const stderr = { write, isTerminal: false, size: () => ({ columns: 80, rows: 24 }) };
  return `exit ${showError(error, { stderr }, isVerbose)}\n${text}`;
}

function thrown(message: string, stack?: string): Error {
  const error = new Error(message);
  error.stack = stack ?? "";
  if (stack === undefined) delete error.stack;
  return error;
}

test("an error has its message, its code, what to do next and its exit code", () => {
  expect(shown(new TroupeError("RUN_LOCKED", "run a is held", { hint: "troupe status a" }))).toBe(
    "exit 4\nerror: run a is held [RUN_LOCKED]\nhint: troupe status a\n",
  );
  expect(shown(new TroupeError("USAGE", "no"))).toBe("exit 2\nerror: no [USAGE]\n");
});

test("the cause is shown to those who ask for more, made safe for the terminal", () => {
  const cause = thrown("deep", "Error: \u001b[31mdeep\n    at x.js:1");
  const error = new TroupeError("STORE_FAILED", "it \u001b]0;broke\u0007 down", { cause });
  expect(shown(error)).toBe("exit 6\nerror: it  down [STORE_FAILED]\n");
  expect(shown(error, true)).toBe("exit 6\nerror: it  down [STORE_FAILED]\nError: deep\n    at x.js:1\n");
  const short = new TroupeError("STORE_FAILED", "no", { cause: thrown("no stack") });
  expect(shown(short, true)).toBe("exit 6\nerror: no [STORE_FAILED]\nno stack\n");
  const text = new TroupeError("STORE_FAILED", "no", { cause: "words" });
  expect(shown(text, true)).toBe("exit 6\nerror: no [STORE_FAILED]\n");
});

test("a mistake of our own shows where it happened", () => {
  const head = "exit 6\nerror: troupe itself failed [INTERNAL]\n";
  const foot = "\nhint: If a run was started, its state is safe: troupe list\n";
  expect(shown(thrown("oops", "TypeError: oops\n    at y.js:2"))).toBe(`${head}TypeError: oops\n    at y.js:2${foot}`);
  expect(shown(thrown("oops"))).toBe(`${head}oops${foot}`);
  expect(shown("words")).toBe(`${head}words${foot}`);
});

test("whatever a command throws is shown, with its cause only when asked for", async () => {
  const store = (list: string) => pluginModule("store", `() => ({ list() { ${list} }, close: async () => {} })`);
  const cli = await createCli({
    "store.mjs": store('throw new TypeError("no list")'),
    "troupe.yaml": "store: ./store.mjs\n",
  });
  const { code, stderr } = await cli.run("list");
  expect(code).toBe(6);
  expect(stderr).toMatch(/^error: troupe itself failed \[INTERNAL\]\nTypeError: no list\n {4}at /);
  await cli.write("broken.mjs", 'throw new Error("no licence");\n');
  await cli.write("troupe.yaml", "store: ./broken.mjs\n");
  expect((await cli.run("list")).stderr).not.toContain("    at ");
  expect((await cli.run("list", "-v")).stderr).toContain("    at ");
});
