import type { PluginDefinition, StateStore } from "@troupe/core";
import { storeCases } from "../store-cases.js";
import { STORE_ABILITIES, type StoreSubject } from "../store-subject.js";
import { createCaseHost } from "./case-host.js";
import type { KitRequest, PreparedCase } from "./kit.js";
import { loadModule, parseOptions } from "./load-module.js";
import { checkReasons, readSubject } from "./read-subject.js";
import type { StoreModule } from "./subjects.js";

/** The cases of a store's module. Rejects `PLUGIN_*`. */
export async function storeKit(request: KitRequest): Promise<readonly PreparedCase[]> {
  const { definition, specifier, subject: exported } = await loadModule("store", request.module);
  const subject = readSubject<StoreModule>(request.module, exported, {
    lacks: "object",
    options: "function",
    damage: "function",
    damageContent: "function",
  });
  checkReasons(`lacks of ${request.module}`, subject.lacks ?? {}, STORE_ABILITIES);
  if (subject.options === undefined) await parseOptions(definition, request.options);
  return storeCases(subject.lacks).map(({ name, rule, skip, run }) => ({
    name,
    rule,
    skip: skip ?? null,
    run: () => runCase({ ...request, module: specifier }, definition, subject, run),
  }));
}

async function runCase(
  { module, options: given, self }: KitRequest,
  definition: PluginDefinition<"store">,
  { options: optionsFor, damage, damageContent }: StoreModule,
  run: (subject: StoreSubject) => Promise<void>,
): Promise<void> {
  const place = await createCaseHost();
  const { stateFolder } = place.host;
  const options = optionsFor === undefined ? given : await optionsFor(stateFolder);
  const open = async (): Promise<StateStore> => definition.create(await parseOptions(definition, options), place.host);
  const child = (job: string): readonly string[] => [...self, job, module, stateFolder, JSON.stringify(options)];
  const opened: StateStore[] = [];
  try {
    const store = await open();
    opened.push(store);
    await run({
      store,
      reopen: open,
      childAppender: child("child-append"),
      childHolder: child("child-hold"),
      childLogger: child("child-log"),
      ...(damage === undefined ? {} : { damage: (runId) => damage(runId, { stateFolder, options }) }),
      ...(damageContent === undefined
        ? {}
        : { damageContent: (runId, sha256) => damageContent(runId, sha256, { stateFolder, options }) }),
    });
  } finally {
    for (const store of opened) await store.close();
    await place.remove();
  }
}
