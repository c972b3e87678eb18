// A reporter that keeps a diary in a file. It takes types only, so it needs nothing of Troupe when it runs.
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import type { PluginDefinition } from "@troupe/core";

interface Options {
  readonly file: string;
}

const plugin: PluginDefinition<"reporter", Options> = {
  kind: "reporter",
  name: "diary-reporter",
  apiVersion: 1,
  options: {
    "~standard": {
      version: 1,
      vendor: "diary-reporter",
      validate(value) {
        const { file } = Object(value);
        return typeof file === "string" ? { value: { file } } : { issues: [{ message: "is missing", path: ["file"] }] };
      },
    },
  },
  async create({ file }, { projectFolder }) {
    const diary: FileHandle = await open(resolve(projectFolder, file), "a");
    let written: Promise<unknown> = Promise.resolve();
    return {
      report(event) {
        if (event.type !== "entry") return;
        const types = event.entry.events.map(({ type }) => type).join(", ");
        written = written.then(() => diary.write(`${event.entry.seq} ${types}\n`)).catch(() => undefined);
      },
      async close() {
        await written;
        await diary.close();
      },
    };
  },
};
export default plugin;
