import { setImmediate } from "node:timers/promises";
import {
  type ClientConnection,
  client,
  methods,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type Stream,
} from "@agentclientprotocol/sdk";
import type { Clock } from "@troupe/core";
import { createOutputCap, type EndingLadder, type ProcessOutcome, runProcess } from "@troupe/process";
import { createMessageStream } from "./message-stream.js";

/** Asks the agent; what it answers is still to be read with care. Rejects with a `RequestError`, or when it is gone. */
export type Ask = (method: string, params: object) => Promise<unknown>;

export interface ExchangeRequest<Said> {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly marker: string;
  readonly timeoutMs: number | null;
  readonly idleTimeoutMs: number | null;
  readonly ladder: EndingLadder;
  readonly signal: AbortSignal;
  readonly kill?: AbortSignal;
  readonly clock: Clock;
  readonly toolRunning?: () => boolean;
  readonly pausedMs?: () => number;
  readonly onStarted?: (pid: number) => void;
  readonly onOutput?: (chunk: Uint8Array, source: "stdout" | "stderr") => void;
  readonly onNoise?: (line: string) => void;
  readonly onUpdate?: (params: unknown) => void;
  readonly onPermission?: (request: RequestPermissionRequest) => Promise<RequestPermissionResponse>;
  /** The error of an agent that does not hear any more and goes on all the same. */
  readonly onDeaf: () => Error;
  /** Everything that is said; the program is ended when it has settled. */
  readonly talk: (ask: Ask) => Promise<Said>;
  /** The program has to end before that; what to say, if anything. It has a moment until `talk` has settled. */
  readonly onStop?: (notify: (method: string, params: object) => void) => void;
}

type Talked<Said> = { readonly said: Said } | { readonly error: unknown };

export interface ExchangeEnd<Said> {
  readonly outcome: ProcessOutcome;
  /** null = there was no time to say anything. */
  readonly talked: Talked<Said> | null;
  /** `talk` had not settled when the program was told to stop: nothing that it says then is a result. */
  readonly isCutShort: boolean;
  /** The end of standard error. */
  readonly stderr: string;
}

const STDERR_BYTES = 8 * 1024;
/** One whose input is closed may be ending: how it ends says more. */
const DEAF_MS = 2000;

/**
 * Starts an agent, speaks with it and ends it. By the time it settles nothing of the agent's process tree runs and
 * nothing more is heard. Rejects as `runProcess` does.
 */
export async function exchange<Said>(request: ExchangeRequest<Said>): Promise<ExchangeEnd<Said>> {
  const errors = createOutputCap({ maxBytes: STDERR_BYTES });
  const deafness = watchDeafness(request);
  const messages = createMessageStream({
    noise: (line) => request.onNoise?.(line),
    update: (params) => request.onUpdate?.(params),
    unheard: deafness.begin,
  });
  const done = new AbortController();
  let connection: ClientConnection | null = null;
  let talking: Promise<Talked<Said>> | null = null;
  let isCutShort = false;
  const outcome = await runProcess({
    command: { argv: request.argv },
    cwd: request.cwd,
    env: request.env,
    marker: request.marker,
    timeoutMs: request.timeoutMs,
    idleTimeoutMs: request.idleTimeoutMs,
    ladder: request.ladder,
    signal: AbortSignal.any([request.signal, done.signal]),
    ...(request.kill === undefined ? {} : { kill: request.kill }),
    clock: request.clock,
    ...(request.toolRunning === undefined ? {} : { toolRunning: request.toolRunning }),
    ...(request.pausedMs === undefined ? {} : { pausedMs: request.pausedMs }),
    ...(request.onStarted === undefined ? {} : { onStarted: request.onStarted }),
    onOutput: (chunk, source) => {
      request.onOutput?.(chunk, source);
      if (source === "stdout") messages.read(chunk);
      else errors.write(chunk);
    },
    input: {
      open: (stdin) => {
        messages.open(stdin);
        const connected = connect(request, messages.stream);
        connection = connected;
        const ask: Ask = (method, params) => connected.agent.request<unknown>(method, params);
        talking = settle(Promise.race([request.talk(ask), deafness.broken]));
        void talking.then(() => done.abort());
      },
      stop: async () => {
        if (done.signal.aborted) return;
        isCutShort = true;
        request.onStop?.((method, params) => void connection?.agent.notify(method, params).catch(() => {})); // it is gone
        await talking;
      },
    },
  }).finally(deafness.end);
  messages.close();
  const talked = await talking;
  await closed(connection);
  return { outcome, talked, isCutShort, stderr: errors.text() };
}

interface Deafness {
  /** Something was not heard. */
  readonly begin: () => void;
  /** Rejects a moment after the first time; what it waited for would never be answered. */
  readonly broken: Promise<never>;
  readonly end: () => void;
}

function watchDeafness<Said>({ clock, onDeaf }: ExchangeRequest<Said>): Deafness {
  const { promise: broken, reject } = Promise.withResolvers<never>();
  const over = new AbortController();
  let hasBegun = false;
  return {
    broken,
    begin: () => {
      if (hasBegun) return;
      hasBegun = true;
      void clock.wait(DEAF_MS, over.signal).then(() => over.signal.aborted || reject(onDeaf()));
    },
    end: () => over.abort(),
  };
}

function connect<Said>(request: ExchangeRequest<Said>, stream: Stream): ClientConnection {
  return client({ name: "troupe" })
    .onRequest(methods.client.session.requestPermission, async ({ params }) =>
      request.onPermission === undefined ? { outcome: { outcome: "cancelled" } } : request.onPermission(params),
    )
    .connect(stream);
}

async function settle<Said>(talk: Promise<Said>): Promise<Talked<Said>> {
  try {
    return { said: await talk };
  } catch (error) {
    return { error };
  }
}

/** What was heard last has been handled then. */
async function closed(connection: ClientConnection | null): Promise<void> {
  connection?.close();
  await connection?.closed;
  await setImmediate();
}
