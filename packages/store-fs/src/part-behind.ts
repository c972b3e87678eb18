import { readChunks } from "./durable-file.js";
import type { OpenFile } from "./file-system-port.js";
import type { PartBehind } from "./fs-errors.js";
import { parseLine, splitSegments } from "./journal-line.js";

const CHUNK_BYTES = 256 * 1024;

/** What a damaged journal has from `offset` on; `seq` is the last position that counts. For a person: nothing rests on it. */
export async function partBehind(file: OpenFile, offset: number, seq: number): Promise<PartBehind> {
  const positions = new Set<number>();
  let bytesAfter = 0;
  let rest: Buffer = Buffer.alloc(0);
  const judge = (segment: Buffer): void => {
    const line = parseLine(segment);
    if (line.kind === "valid" && line.entry.seq > seq) positions.add(line.entry.seq);
  };
  for await (const chunk of readChunks(file, offset, CHUNK_BYTES)) {
    bytesAfter += chunk.length;
    const split = splitSegments(Buffer.concat([rest, chunk]));
    split.segments.forEach(judge);
    rest = split.rest;
  }
  judge(rest);
  return { bytesAfter, entriesAfter: positions.size };
}
