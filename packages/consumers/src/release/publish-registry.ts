import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Manifest } from "../repository.js";

/** A registry on loopback that takes what is published and tells of it again, as npm's does; nothing leaves this machine. */
export interface PublishRegistry extends AsyncDisposable {
  /** With a slash at its end. */
  readonly url: string;
  /** What was published so far, `name@version`, in the order in which it came. */
  readonly published: readonly string[];
  manifestOf(name: string): Manifest | undefined;
}

/** What `npm publish` sends, and what it is asked for later. */
interface PackageDocument {
  readonly name: string;
  readonly "dist-tags": Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, Manifest>>;
}

export async function startPublishRegistry(): Promise<PublishRegistry> {
  const documents = new Map<string, PackageDocument>();
  const published: string[] = [];
  const accept = async (request: IncomingMessage): Promise<number> => {
    const sent = (await json(request)) as PackageDocument;
    const known = documents.get(sent.name);
    const versions = Object.keys(sent.versions);
    if (versions.some((version) => known?.versions[version] !== undefined)) return 409;
    documents.set(sent.name, {
      name: sent.name,
      "dist-tags": { ...known?.["dist-tags"], ...sent["dist-tags"] },
      versions: { ...known?.versions, ...sent.versions },
    });
    published.push(...versions.map((version) => `${sent.name}@${version}`));
    return 201;
  };
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent(new URL(request.url ?? "/", "http://registry").pathname.slice(1));
    const found = documents.get(name);
    const status = request.method === "PUT" ? await accept(request) : found === undefined ? 404 : 200;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(status === 200 ? JSON.stringify(found) : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    published,
    manifestOf(name) {
      const document = documents.get(name);
      return document?.versions[document["dist-tags"].latest ?? ""];
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
