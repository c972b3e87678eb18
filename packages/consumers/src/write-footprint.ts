import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thirdPartyOf } from "./dependency-tree.js";
import { FOOTPRINT_PAGE, footprintsOf, renderFootprints } from "./footprint.js";
import { packPackages } from "./pack-packages.js";
import { licenceOf, publishedPackages } from "./repository.js";

if (process.argv.includes("--packages")) {
  for (const { manifest, path } of publishedPackages()) {
    const others = thirdPartyOf(path).map(
      (one) => `  ${one.manifest.name}@${one.manifest.version} ${licenceOf(one.manifest)}\n`,
    );
    process.stdout.write(`${manifest.name}\n${others.join("") || "  nothing of others\n"}`);
  }
} else {
  const scratch = await mkdtemp(join(tmpdir(), "troupe-packed-"));
  try {
    const page = renderFootprints(footprintsOf(await packPackages(scratch)));
    await writeFile(FOOTPRINT_PAGE, page);
    process.stdout.write(page);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
