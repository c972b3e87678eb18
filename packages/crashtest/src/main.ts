import { parseArgs } from "node:util";
import { runSuites } from "./run-suites.js";
import { SUITES } from "./suites.js";

const USAGE = `pnpm crash [--long] [--suite NAME]... [--store NAME] [--only ID]
  --long   every point instead of those that a pull request can wait for
  --suite  only suites of this name: ${[...new Set(SUITES.map(({ name }) => name))].join(", ")}
  --store  only this store: ${[...new Set(SUITES.map(({ store }) => store))].join(", ")}
  --only   one case, by the id that was printed for it`;

const { values } = parseArgs({
  options: {
    long: { type: "boolean", default: false },
    suite: { type: "string", multiple: true },
    store: { type: "string" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
} else {
  const { suite, store, long, only } = values;
  const chosen = SUITES.filter(
    (one) => (suite === undefined || suite.includes(one.name)) && (store === undefined || store === one.store),
  );
  const options = only === undefined ? { long } : { long, only };
  const isSound = await runSuites(chosen, options, (text) => process.stdout.write(`${text}\n`));
  process.exitCode = isSound ? 0 : 1;
}
