import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { PackedPackage } from "./pack-packages.js";

/** A registry on loopback that has the packed packages and nothing else, so that people's commands work word for word. */
export interface PackageRegistry extends AsyncDisposable {
  /** With a slash at its end. */
  readonly url: string;
}

export async function startRegistry(packages: readonly PackedPackage[]): Promise<PackageRegistry> {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://registry").pathname.slice(1));
    const [name = "", file] = path.split("/-/");
    const found = request.method === "GET" ? byName.get(name) : undefined;
    if (found === undefined) {
      response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not found"}');
    } else if (file === undefined) {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(metadataOf(found, url())));
    } else {
      response.writeHead(200, { "content-type": "application/octet-stream" }).end(found.bytes);
    }
  });
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: url(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function metadataOf({ manifest, integrity, bytes }: PackedPackage, url: string): object {
  const { name, version } = manifest;
  const shasum = createHash("sha1").update(bytes).digest("hex");
  const dist = { tarball: `${url}${name}/-/${version}.tgz`, integrity, shasum };
  return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
