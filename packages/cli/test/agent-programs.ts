import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createCli, type TestCli } from "./cli-harness.js";

/** A shell script that answers as an installed and logged-in Claude Code does when it is asked how it is. */
export const CLAUDE: string = `case "$1" in --version) echo "2.1.330 (Claude Code)";; *) echo '{ "loggedIn": true }';; esac`;
/** The same of Codex, where nobody is logged in. */
export const CODEX: string = 'case "$1" in --version) echo codex-cli 0.169.0;; *) echo Not logged in; exit 1;; esac';

/** A project with these programs and no others on its search path. */
export async function createProject(
  programs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Promise<TestCli & { readonly environment: Readonly<Record<string, string>> }> {
  const cli = await createCli(files);
  await mkdir(join(cli.folder, "bin"));
  for (const [name, script] of Object.entries(programs)) {
    await cli.write(`bin/${name}`, `#!/bin/sh\n${script}\n`);
    await chmod(join(cli.folder, "bin", name), 0o755);
  }
  return { ...cli, environment: { PATH: join(cli.folder, "bin") } };
}

export const WITH_TESTS: Readonly<Record<string, string>> = {
  "package.json": '{ "scripts": { "test": "node --test" } }\n',
};
