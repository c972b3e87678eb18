import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NO_SECRETS } from "@troupe/core";
import { expect, test } from "vitest";
import { createCli, pluginModule, TWO_STAGE_FILES } from "../../test/cli-harness.js";
import { readSecrets } from "./secrets.js";

const TOKEN = "tok-7f3a9c";
const env = { PATH: process.env.PATH, HOME: process.env.HOME, USER: "tester", TOKEN };
const withSecrets = (secrets: string): Readonly<Record<string, string>> => ({
  ...TWO_STAGE_FILES,
  "troupe.yaml": `${TWO_STAGE_FILES["troupe.yaml"]}secrets: ${secrets}\n`,
});

test("reads values from the environment and from files, without their last newline", async () => {
  const { folder, write } = await createCli();
  await write("keys/a.key", "from a file\r\n\n");
  await write("empty.key", "\n");
  await write("large.key", "x".repeat(70_000));
  await mkdir(join(folder, "folder.key"));
  const project = { folder, stateFolder: join(folder, ".troupe"), file: null };
  const sources = [
    { name: "TOKEN", file: null },
    { name: "FILED", file: "keys/a.key" },
    { name: "UNSET", file: null },
    { name: "BLANK", file: null },
    { name: "EMPTY", file: "empty.key" },
    { name: "GONE", file: "gone.key" },
    { name: "PIN", file: null },
    { name: "P", file: null },
    { name: "LARGE", file: "large.key" },
    { name: "FOLDER", file: "folder.key" },
  ];
  const secrets = readSecrets(sources, { TOKEN, BLANK: "  ", PIN: "1234", P: "1", OTHER: "other" }, project);
  expect(secrets.masker.mask(`${TOKEN}, from a file, 1234`)).toBe("[secret TOKEN], [secret FILED], 1234");
  expect(["TOKEN", "FILED", "OTHER", "GONE"].map((name) => secrets.valueOf(name))).toEqual([
    TOKEN,
    "from a file",
    "other",
    undefined,
  ]);
  expect(secrets.missing).toEqual(["UNSET", "BLANK", "EMPTY (empty.key)", "GONE (gone.key)"]);
  expect(secrets.unusable).toEqual([
    "the secret PIN has 4 characters: masking it would destroy every text it is found in",
    "the secret P has 1 character: masking it would destroy every text it is found in",
    `the secret LARGE: ${join(folder, "large.key")} has more than 64 KiB`,
    expect.stringMatching(/^the secret FOLDER: .*folder\.key cannot be read: EISDIR/),
  ]);
  expect(readSecrets([], {}, project).masker).toBe(NO_SECRETS);
});

test("a run tells of secrets without a value, and is refused with one that cannot be masked", async () => {
  const cli = await createCli(withSecrets("[TOKEN, UNSET]"));
  expect((await cli.runWith({ environment: env }, "run", "objective.md")).stderr).toContain(
    "warning: UNSET under `secrets:` without a value: there is nothing to mask\n",
  );
  await cli.write("short.key", "12345");
  await cli.write("troupe.yaml", `${TWO_STAGE_FILES["troupe.yaml"]}secrets: [{ name: PIN, file: short.key }]\n`);
  expect(await cli.shown("run", "objective.md", "--new")).toMatchInlineSnapshot(`
    "exit 6
    --- stderr
    error: the secret PIN has 5 characters: masking it would destroy every text it is found in [SECRET_UNUSABLE]
    hint: Give it a value of at least 6 characters, or take it from \`secrets:\` in troupe.yaml.
    "
  `);
  expect(await cli.shown("list")).toContain("exit 0");
});

test("a value that stands in a file is a mistake of that file, with its place and without the value", async () => {
  const cli = await createCli({
    ...withSecrets("[TOKEN]"),
    "objective.md": `# Objective: Try it\n\n## Goals\n- Use ${TOKEN} for it\n`,
    "stages.yaml": `stages:\n  FIRST: { run: [curl, "https://x/${TOKEN}"] }\n`,
  });
  expect(await cli.shownWith({ environment: env }, "run", "objective.md")).toMatchInlineSnapshot(`
    "exit 3
    --- stderr
    objective.md:4:7 error SECRET_INLINE: the value of the secret TOKEN stands here: it would be recorded and shown
      3 | ## Goals
      4 | - Use [secret TOKEN] for it
        |       ^
      hint: Take it out; who needs it reads it from the environment, agents by \`env: { NAME: { from: NAME } }\`.

    stages.yaml:2:35 error SECRET_INLINE: the value of the secret TOKEN stands here: it would be recorded and shown
      1 | stages:
      2 |   FIRST: { run: [curl, "https://x/[secret TOKEN]"] }
        |                                   ^
      hint: Take it out; who needs it reads it from the environment, agents by \`env: { NAME: { from: NAME } }\`.

    2 errors
    error: 2 mistakes in objective.md, stages.yaml [SECRET_INLINE]
    hint: Mend it, then check: troupe validate objective.md stages.yaml
    "
  `);
  expect(await cli.shownWith({ environment: env }, "validate", "objective.md")).toContain("SECRET_INLINE");
  expect(cli.runs()).toEqual([]);
});

test("a value in an input, a check, an agent's flag or a template is refused before anything is recorded", async () => {
  const cli = await createCli({
    ...withSecrets("[TOKEN]"),
    "stages.yaml":
      "inputs: { KEY: {} }\nstages:\n  FIRST: { work_agent: worker, artifacts: [], prompt_template: p.md }\n",
    "p.md": "Log in.\n",
  });
  for (const flag of [
    ["--input", `KEY=${TOKEN}`],
    ["--agent", `worker=command:x ${TOKEN}`],
  ]) {
    expect(await cli.shownWith({ environment: env }, "run", "objective.md", "--input", "KEY=1", ...flag)).toContain(
      "error: the value of the secret TOKEN stands in a flag: it would be recorded with the run [SECRET_INLINE]",
    );
  }
  await cli.write("p.md", `Log in with ${TOKEN}.\n`);
  expect(await cli.shownWith({ environment: env }, "run", "objective.md", "--input", "KEY=1")).toContain(
    "the value of the secret TOKEN stands in the prompt template p.md",
  );
  expect(cli.runs()).toEqual([]);
});

test("an agent gets a secret that its entry asks for, and no other", async () => {
  const agent = pluginModule(
    "agent",
    `(options, { projectFolder }) => ({
      run: async ({ env }) => {
        process.getBuiltinModule("node:fs").writeFileSync(projectFolder + "/seen.json", JSON.stringify(env));
        return { output: "done", session: null, usage: null };
      },
    })`,
  );
  const cli = await createCli({
    ...TWO_STAGE_FILES,
    "agent.mjs": agent,
    "key.pem": "a key of some length\n",
    "troupe.yaml": `secrets: [TOKEN, OTHER, { name: KEY, file: key.pem }]
agents: { default: { plugin: ./agent.mjs, env: { MY_TOKEN: { from: TOKEN }, KEY: { from: KEY }, NONE: { from: UNSET }, PLAIN: text } } }
`,
  });
  await cli.runWith({ environment: { ...env, OTHER: "another secret" } }, "run", "objective.md");
  const seen: Readonly<Record<string, string>> = JSON.parse(cli.read("seen.json"));
  const own = Object.entries(seen).filter(([name]) => !name.startsWith("TROUPE_"));
  expect(Object.fromEntries(own)).toEqual({
    PATH: env.PATH,
    HOME: env.HOME,
    USER: "tester",
    MY_TOKEN: TOKEN,
    KEY: "a key of some length",
    PLAIN: "text",
  });
});

test("a value that has changed since is masked as it is now, and the run goes on", async () => {
  const cli = await createCli({
    ...withSecrets("[TOKEN]"),
    "stages.yaml": `stages:
  FIRST: { run: "echo the token is $TOKEN" }
  SECOND: { run: "echo now it is $TOKEN && test -e there" }
`,
  });
  await cli.runWith({ environment: env }, "run", "objective.md");
  await cli.write("there", "");
  const later = { ...env, TOKEN: "a-newer-token" };
  expect((await cli.runWith({ environment: later }, "resume")).code).toBe(0);
  const { stdout } = await cli.runWith({ environment: later }, "logs");
  expect(stdout).toBe("the token is [secret TOKEN]\nnow it is [secret TOKEN]\nnow it is [secret TOKEN]\n");
});
