import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FOOTPRINT_PAGE, footprintProblems, footprintsOf, staleRows } from "./footprint.js";
import { packPackages } from "./pack-packages.js";
import { packageProblems } from "./package-problems.js";

const scratch = await mkdtemp(join(tmpdir(), "troupe-packed-"));
try {
  const packed = await packPackages(scratch);
  const footprints = footprintsOf(packed);
  const page = await readFile(FOOTPRINT_PAGE, "utf8");
  const problems = [
    ...(await Promise.all(packed.map(packageProblems))).flat(),
    ...footprintProblems(footprints),
    ...staleRows(footprints, page).map(
      (name) => `${name}: docs/footprint.md is not true any more. Run: pnpm footprint`,
    ),
  ];
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  const files = packed.reduce((sum, one) => sum + one.files.length, 0);
  process.stdout.write(`${packed.length} packages, ${files} files: ${problems.length} problems\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await rm(scratch, { recursive: true, force: true });
}
