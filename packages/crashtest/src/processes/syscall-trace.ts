/*
 * How a point is named and found again. Strace counts calls by thread and, with -P, only those that touch a path; it
 * does not know folders. So a point is (call, path, n): the n-th time that a thread makes this call on this path. A
 * first pass without -P writes down everything with the paths of descriptors (-y); from it the points are counted as
 * strace will count them. A point is left out when another thread or a child reaches the same count on the same path
 * earlier: it would die in its place.
 */

/** System calls that change what a store keeps. */
const CHANGING_CALLS: readonly string[] = [
  ...["write", "pwrite64", "writev", "pwritev", "fdatasync", "fsync", "ftruncate", "openat", "mkdir", "mkdirat"],
  ...["rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir", "utimensat", "fchmod"],
];
const THREAD_CALLS: readonly string[] = ["clone", "clone3", "vfork", "fork"];

/** For the counting pass. */
export function countingArguments(traceFile: string): readonly string[] {
  const calls = [...CHANGING_CALLS, ...THREAD_CALLS].join(",");
  return ["strace", "-f", "-qq", "-y", "-s", "4096", "-e", "signal=none", "-e", `trace=${calls}`, "-o", traceFile];
}

/** One counted call of the command line itself. */
export interface CallPoint {
  readonly call: string;
  /** Relative to the project's folder; `-RUN` stands for what the run's id ends in. */
  readonly path: string;
  readonly n: number;
}

/** What strace does at the n-th call that matches; of its other options see strace(1). */
export function injectionArguments(
  { call, path, n }: CallPoint,
  effect: string,
  place: { readonly folder: string; readonly runSuffix: string; readonly traceFile: string },
): readonly string[] {
  // -D: strace is the child, so that the process which is started is the command line and its end is its own
  return [
    ...[
      "strace",
      "-D",
      "-f",
      "-qq",
      "-P",
      `${place.folder}/${path.replaceAll("-RUN", `-${place.runSuffix}`)}`,
      "-e",
      `trace=${call}`,
    ],
    ...["-e", `inject=${call}:${effect}:when=${n}`, "-o", place.traceFile],
  ];
}

interface TracedCall {
  readonly thread: string;
  readonly call: string;
  readonly paths: readonly string[];
  readonly text: string;
}

/** Points of the command line's own threads below `.troupe`, in the order in which they came. */
export function findPoints(
  trace: string,
  { folder, runSuffix }: { readonly folder: string; readonly runSuffix: string },
): readonly CallPoint[] {
  const calls = readTrace(trace);
  const own = ownThreads(calls);
  const counts = new Map<string, number>();
  const reached = new Set<string>();
  const points: CallPoint[] = [];
  for (const traced of calls) {
    const ways = traced.paths.map((path) => count(counts, reached, traced, path));
    if (!own.has(traced.thread) || !isChange(traced)) continue;
    const way = ways.find(({ path, isFirst }) => isFirst && path.startsWith(`${folder}/.troupe`));
    if (way !== undefined)
      points.push({
        call: traced.call,
        path: way.path.slice(folder.length + 1).replaceAll(`-${runSuffix}`, "-RUN"),
        n: way.n,
      });
  }
  return points;
}

/** Files and folders that the command line itself made, renamed or removed anywhere. */
export function changedPaths(trace: string): readonly string[] {
  const calls = readTrace(trace);
  const own = ownThreads(calls);
  const changes = calls.filter((it) => own.has(it.thread) && !it.call.includes("sync") && isChange(it));
  return [...new Set(changes.flatMap(({ paths }) => paths))].filter((path) => path.startsWith("/"));
}

function count(
  counts: Map<string, number>,
  reached: Set<string>,
  { call, thread }: TracedCall,
  path: string,
): { readonly path: string; readonly n: number; readonly isFirst: boolean } {
  const key = `${call} ${path}`;
  const n = (counts.get(`${thread} ${key}`) ?? 0) + 1;
  counts.set(`${thread} ${key}`, n);
  const isFirst = !reached.has(`${key} ${n}`);
  reached.add(`${key} ${n}`);
  return { path, n, isFirst };
}

/** Opening what is there changes nothing, nor does what failed. */
function isChange({ call, text }: TracedCall): boolean {
  if (/\) += -1 E/.test(text)) return false;
  return call !== "openat" || text.includes("O_CREAT");
}

/** A line that another thread interrupted ends in `<unfinished ...>`; its rest is not needed but for new threads. */
function readTrace(trace: string): readonly TracedCall[] {
  const unfinished = new Map<string, number>();
  const calls: TracedCall[] = [];
  for (const line of trace.split("\n")) {
    const [, thread = "", text = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = unfinished.get(thread);
    if (text.startsWith("<... ") && resumed !== undefined) {
      const begun = calls[resumed];
      if (begun !== undefined) calls[resumed] = { ...begun, text: begun.text + text };
      unfinished.delete(thread);
      continue;
    }
    const call = /^(\w+)\(/.exec(text)?.[1];
    if (call === undefined) continue;
    if (text.endsWith("<unfinished ...>")) unfinished.set(thread, calls.length);
    calls.push({ thread, call, paths: pathsOf(call, text), text });
  }
  return calls;
}

function pathsOf(call: string, text: string): readonly string[] {
  const descriptor = /^\w+\((?:\d+)<([^>]*)>/.exec(text)?.[1];
  if (descriptor !== undefined) return [descriptor];
  if (call === "write" || call === "pwrite64") return [];
  return [...text.matchAll(/"(\/[^"]*)"/g)].map(([, path = ""]) => path);
}

/** The first thread and those it made; children that are processes of their own are none of them. */
function ownThreads(calls: readonly TracedCall[]): ReadonlySet<string> {
  const own = new Set([calls[0]?.thread ?? ""]);
  for (const { thread, call, text } of calls) {
    if (!THREAD_CALLS.includes(call) || !own.has(thread) || !text.includes("CLONE_THREAD")) continue;
    const id = /= (\d+)$/.exec(text)?.[1];
    if (id !== undefined) own.add(id);
  }
  return own;
}
