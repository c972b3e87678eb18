import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { main } from "../src/cli.js";

const SAMPLE = fileURLToPath(new URL("../samples/flat.csv", import.meta.url));
const BIN = fileURLToPath(new URL("../bin/tally.js", import.meta.url));
const USAGE = `Usage:
  tally report FILE   what each person has paid
`;

function call(args, read = (path) => readFileSync(path, "utf8")) {
  const printed = { out: "", err: "" };
  const code = main(args, {
    read,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
  });
  return { code, ...printed };
}

test("prints the report of a ledger", () => {
  const out = "anna        96.40\nben         31.00\ncleo       100.00\ndev         12.00\ntotal      239.40\n";
  assert.deepEqual(call(["report", SAMPLE]), { code: 0, out, err: "" });
});

for (const args of [[], ["report"], ["reprot", SAMPLE], ["report", SAMPLE, "more"]]) {
  test(`explains itself when the command line is wrong: ${args.length} arguments, ${args[0]}`, () => {
    assert.deepEqual(call(args), { code: 2, out: "", err: USAGE });
  });
}

test("names file and line of a mistake and prints nothing else", () => {
  const read = () => "date,payer,amount,for,note\n2026-09-01,anna,much,ben,\n";
  const err = 'flat.csv:2: "much" is not an amount like 12.50\n';
  assert.deepEqual(call(["report", "flat.csv"], read), { code: 1, out: "", err });
});

test("says that a file cannot be read", () => {
  assert.deepEqual(call(["report", "no-such-file.csv"]), {
    code: 1,
    out: "",
    err: "no-such-file.csv cannot be read: ENOENT\n",
  });
});

test("does not hide a mistake of its own behind the ledger", () => {
  const read = () => {
    throw new TypeError("a bug");
  };
  assert.throws(() => call(["report", "flat.csv"], read), new TypeError("a bug"));
});

test("runs as a program", () => {
  assert.equal(readFileSync(BIN, "utf8").split("\n")[0], "#!/usr/bin/env node");
  const good = spawnSync(process.execPath, [BIN, "report", SAMPLE], { encoding: "utf8" });
  assert.deepEqual([good.status, good.stdout.split("\n").length, good.stderr], [0, 6, ""]);
  const bad = spawnSync(process.execPath, [BIN], { encoding: "utf8" });
  assert.deepEqual([bad.status, bad.stdout, bad.stderr], [2, "", USAGE]);
});
