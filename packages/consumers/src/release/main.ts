import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rehearse, rehearseForgottenPeers, rehearsePublishing } from "./rehearse.js";
import { coreMajor, SCENARIOS } from "./scenarios.js";
import { createScratchRepository, type ScratchRepository } from "./scratch-repository.js";

type Rehearsal = readonly [title: string, perform: (repository: ScratchRepository) => Promise<readonly string[]>];

let failed = 0;
const scratch = await mkdtemp(join(tmpdir(), "troupe-release-"));
try {
  const repository = await createScratchRepository(scratch);
  const scenarios = [...SCENARIOS, coreMajor([...(await repository.manifests()).values()])];
  const rehearsals: readonly Rehearsal[] = [
    ...scenarios.map((one): Rehearsal => [one.title, (here) => rehearse(one, here)]),
    ["a major of core without its plugins", rehearseForgottenPeers],
    ["published: everything, a patch of a store, nothing", rehearsePublishing],
  ];
  for (const [title, perform] of rehearsals) {
    const lines = await perform(repository).catch((error: unknown) => {
      failed += 1;
      return [`FAILED: ${error instanceof Error ? error.message : String(error)}`];
    });
    process.stdout.write(`${title}\n${lines.map((line) => `  ${line}\n`).join("")}\n`);
  }
  process.stdout.write(`${rehearsals.length - failed} of ${rehearsals.length} rehearsals went as they should\n`);
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = failed === 0 ? 0 : 1;
