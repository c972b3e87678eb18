import type { Writable } from "node:stream";
import { type AnyMessage, methods, type Stream } from "@agentclientprotocol/sdk";
import { isRecord } from "./read-wire.js";

/** Longest line that is read, in bytes. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;

/** The two directions of a connection over the standard streams of a program. */
export interface MessageStream {
  readonly stream: Stream;
  /** Where what is said goes; before it is known nothing may be said. */
  open(stdin: Writable): void;
  /** What was heard. */
  read(chunk: Uint8Array): void;
  /** Nothing more will be heard: a last line without its newline counts, and requests under way fail. */
  close(): void;
}

export interface MessageListeners {
  /** What is no message of the protocol, or answers a request that was never made. */
  noise(line: string): void;
  /** `session/update`: told at once, so ahead of the answer that follows it, and whatever its form. */
  update(params: unknown): void;
  /** What was said does not reach the program any more: it has closed its input, or is gone. */
  unheard(): void;
}

/**
 * One JSON message per line. Agents print other things as well, and the SDK writes what it does not understand to our
 * own terminal: so only requests and answers reach it.
 */
export function createMessageStream(listeners: MessageListeners): MessageStream {
  let stdin: Writable | null = null;
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const asked = new Set<unknown>();
  let controller: ReadableStreamDefaultController<AnyMessage> | null = null;
  const readable = new ReadableStream<AnyMessage>({
    start: (own) => {
      controller = own;
    },
    cancel: () => {
      controller = null;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write: (message) => {
      if ("method" in message && "id" in message) asked.add(message.id);
      if (stdin?.writable === true) stdin.write(`${JSON.stringify(message)}\n`);
      else listeners.unheard();
    },
  });
  const takeLine = (): void => {
    const line = Buffer.concat(parts).toString("utf8"); // whole lines only: characters may be split over chunks
    [parts, bytes] = [[], 0];
    if (line.trim() === "") return;
    const message = parseMessage(line);
    if (message === null) listeners.noise(line);
    else if (!("id" in message)) {
      if (message.method === methods.client.session.update) listeners.update(message.params);
      else if (message.method === methods.protocol.cancelRequest) controller?.enqueue(message);
    } else if ("method" in message || asked.delete(message.id)) controller?.enqueue(message);
    else listeners.noise(line);
  };
  const keep = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes <= MAX_LINE_BYTES) parts.push(part);
    else if (parts.length > 0) {
      listeners.noise(`(a line of more than ${MAX_LINE_BYTES} bytes)`);
      parts = [];
    }
  };
  return {
    stream: { readable, writable },
    open: (input) => {
      stdin = input;
      input.on("error", () => listeners.unheard());
    },
    read: (chunk) => {
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        keep(chunk.subarray(start, end));
        takeLine();
        start = end + 1;
      }
      if (start < chunk.length) keep(chunk.subarray(start));
    },
    close: () => {
      takeLine();
      controller?.close();
      controller = null;
    },
  };
}

/** null = not one. */
function parseMessage(line: string): AnyMessage | null {
  if (!line.trimStart().startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isMessage(value) ? value : null;
  } catch {
    return null; // a line that only begins like one
  }
}

function isMessage(value: unknown): value is AnyMessage {
  if (!isRecord(value) || value.jsonrpc !== "2.0") return false;
  if ("method" in value) return typeof value.method === "string";
  if (typeof value.id !== "number" && typeof value.id !== "string") return false;
  if ("result" in value) return true;
  return isRecord(value.error) && typeof value.error.code === "number" && typeof value.error.message === "string";
}
