import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OBJECTIVE, pluginModule } from "./cli-harness.js";

/** Twenty secrets, with letters that every spelling has to change. */
export const CANARIES: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 20 }, (_, n) => [
    `CANARY_${n}`,
    `k${n}/+canary ${"qwertz"[n % 6]}"\\<&>'ü=${n * 7919}-${"x".repeat(n)}`,
  ]),
);
/** The last one is not in the environment but in a file. */
const CANARY_FILE = "keys/canary.key";
export const CANARY_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CANARIES).filter(([name]) => name !== "CANARY_19"),
);

/** Spellings of a value, made by other means than those that look for them. */
function spellings(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const aligned = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before, "u"), bytes])
      .toString("base64")
      .slice(Math.ceil((before * 4) / 3))
      .slice(0, -4),
  );
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(JSON.stringify(value)).slice(3, -3),
    encodeURIComponent(value),
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    ...aligned,
    ...aligned.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** Which spellings of which canaries are in a text. */
export function leaksIn(text: string): readonly string[] {
  return Object.entries(CANARIES).flatMap(([name, value]) =>
    spellings(value).flatMap((form, index) => (text.includes(form) ? [`${name} in spelling ${index}: ${form}`] : [])),
  );
}

/** The same in everything below a folder, names of files included. */
export function leaksBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const leaks = [...leaksIn(entry.name), ...(entry.isFile() ? leaksIn(readFileSync(path, "utf8")) : [])];
    return leaks.map((leak) => `${path}: ${leak}`);
  });
}

/** Tells all that it knows, everywhere: as output in pieces, as its answer, session, artifact, verdict or error. */
const TALKER = pluginModule(
  "agent",
  `() => ({
    async run(request, context) {
      const fs = process.getBuiltinModule("node:fs");
      const values = Object.entries(request.env).filter(([name]) => name.startsWith("CANARY_")).map(([, value]) => value);
      const forms = values.flatMap((value) => [value, JSON.stringify(value), encodeURIComponent(value),
        ...["base64", "base64url", "hex"].map((form) => Buffer.from("me:" + value).toString(form))]);
      const said = forms.join("\\n") + "\\n" + values.map((value) => value.slice(0, 5) + "\\u001b[1m" + value.slice(5)).join("\\n");
      const bytes = Buffer.from(said);
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size % 7) + 1) context.output(bytes.subarray(at, at + size));
      context.known({ session: "session " + values[0] });
      fs.writeFileSync(request.artifactsFolder + "/" + request.stage + ".md", said.repeat(request.stage === "LONG" ? 20 : 1));
      if (request.prompt.includes(values[3])) throw new Error("the prompt has a secret");
      if (request.stage === "BREAKS") throw Object.assign(new Error("no access with " + said), { hint: said });
      const verdict = { decision: "rejected", reasons: ["it shows " + values[5], said], source: "tool" };
      const output = request.stage === "LONG" ? said.repeat(20) : said;
      return { output, session: "session " + values[0], usage: null, ...(request.kind === "review" ? { verdict } : {}) };
    },
  })`,
);

/** A program that prints every canary, whole and in pieces, on both of its streams; then ends with the code that is named. */
const PRINTER = `
const values = Object.keys(process.env).filter((name) => name.startsWith("CANARY_")).map((name) => process.env[name]);
for (const value of values) {
  process.stdout.write(value.slice(0, 9));
  process.stderr.write(value + "\\n");
  process.stdout.write(value.slice(9) + "\\n" + Buffer.from("user:" + value).toString("base64") + "\\n");
  process.stdout.write(value.slice(0, 4) + "\\u001b[31m" + value.slice(4) + "\\u001b[0m\\n");
}
process.exitCode = Number(process.argv[2]);
`;

const from = Object.keys(CANARIES)
  .map((name) => `      ${name}: { from: ${name} }\n`)
  .join("");

/** A project whose agents and commands tell every canary wherever they can. */
export const CANARY_PROJECT: Readonly<Record<string, string>> = {
  "objective.md": OBJECTIVE,
  "talker.mjs": TALKER,
  "printer.mjs": PRINTER,
  [CANARY_FILE]: `${CANARIES.CANARY_19}\n`,
  "troupe.yaml": `agents:
  default:
    plugin: ./talker.mjs
    env:
${from}secrets:
${Object.keys(CANARY_ENVIRONMENT)
  .map((name) => `  - ${name}\n`)
  .join("")}  - { name: CANARY_19, file: ${CANARY_FILE} }
`,
  "stages.yaml": `stages:
  WORK: { work_agent: worker, artifacts: [WORK.md] }
  LONG: { work_agent: worker, artifacts: [LONG.md] }
  PRINT: { run: [${JSON.stringify(process.execPath)}, printer.mjs, "0"] }
  CHECKED: { work_agent: worker, artifacts: [CHECKED.md], checks: [[${JSON.stringify(process.execPath)}, printer.mjs, "1"]], max_rounds: 2 }
  JUDGED: { work_agent: second, review_agent: judge, is_review_stage: true, max_rounds: 2, needs: [LONG] }
  BREAKS: { work_agent: third, artifacts: [BREAKS.md], needs: [PRINT], retry: { attempts: 1 } }
  CRASHES: { run: [${JSON.stringify(process.execPath)}, printer.mjs, "3"], needs: [PRINT] }
`,
};
