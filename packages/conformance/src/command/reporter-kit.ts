import { reporterCases } from "../reporter-cases.js";
import { createCaseHost } from "./case-host.js";
import type { KitRequest, PreparedCase } from "./kit.js";
import { loadModule, parseOptions } from "./load-module.js";
import { readSkips, readSubject } from "./read-subject.js";
import type { ReporterModule } from "./subjects.js";

/** The cases of a reporter's module, once on a terminal and once into a pipe. Rejects `PLUGIN_*`. */
export async function reporterKit({ module, options: given }: KitRequest): Promise<readonly PreparedCase[]> {
  const { definition, subject: exported } = await loadModule("reporter", module);
  const subject = readSubject<ReporterModule>(module, exported, { skip: "object" });
  const options = await parseOptions(definition, given);
  const skips = readSkips(module, subject.skip, reporterCases);
  return [true, false].flatMap((isTerminal) =>
    reporterCases.map(({ name, rule, run }) => ({
      name: `${isTerminal ? "on a terminal" : "into a pipe"}: ${name}`,
      rule,
      skip: skips[name] ?? null,
      async run() {
        const { host, written, remove } = await createCaseHost(isTerminal);
        try {
          await run({ reporter: await definition.create(options, host), written });
        } finally {
          await remove();
        }
      },
    })),
  );
}
