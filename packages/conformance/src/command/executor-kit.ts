import type { Json } from "@troupe/core";
import { executorCases } from "../executor-cases.js";
import type { ExecutorSubject } from "../executor-subject.js";
import { createCaseHost } from "./case-host.js";
import type { KitRequest, PreparedCase } from "./kit.js";
import { loadModule, parseOptions } from "./load-module.js";
import { readSkips, readSubject } from "./read-subject.js";
import type { ExecutorModule } from "./subjects.js";

/** The cases of an executor's module. Rejects `PLUGIN_*`. */
export async function executorKit({ module, options }: KitRequest): Promise<readonly PreparedCase[]> {
  const { definition, subject: exported } = await loadModule("executor", module);
  const subject = readSubject<ExecutorModule>(module, exported, { options: "function", skip: "object" });
  const optionsFor = subject.options ?? ((concurrency: number) => withConcurrency(options, concurrency));
  await parseOptions(definition, optionsFor(1));
  const skips = readSkips(module, subject.skip, executorCases);
  return executorCases.map(({ name, rule, run }) => ({
    name,
    rule,
    skip: skips[name] ?? null,
    async run() {
      const place = await createCaseHost();
      const create: ExecutorSubject["create"] = async ({ runner, concurrency }) =>
        definition.create(await parseOptions(definition, optionsFor(concurrency)), { ...place.host, runner });
      try {
        await run({ create });
      } finally {
        await place.remove();
      }
    },
  }));
}

function withConcurrency(options: Json, concurrency: number): Json {
  const isMap = typeof options === "object" && options !== null && !Array.isArray(options);
  return { ...(isMap ? options : {}), concurrency };
}
