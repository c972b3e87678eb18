import { TURN_VARIABLE } from "./process-table.js";

/** A process as a system's own tool lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** null = the system knows no groups. */
  readonly group: number | null;
  /** As the tool says it; with the pid it names one process. */
  readonly startedAt: string;
  /** Of `TROUPE_TURN`, where the tool tells it. */
  readonly marker: string | null;
}

/** How a system without `/proc` is asked for its processes, and how one is ended there. */
export interface ProcessLister {
  readonly list: readonly string[];
  /** The same of one process only. */
  readonly listOne: (pid: number) => readonly string[];
  /** Whether the list shows `TROUPE_TURN`. */
  readonly tellsMarkers: boolean;
  readonly parse: (text: string) => readonly ListedProcess[];
  /** `startedAt` in milliseconds since 1970; NaN = it is no such date. */
  readonly toMs: (startedAt: string) => number;
  /** Arguments of the tool that ends a process at once with its descendants; null = a signal does it. */
  readonly end: ((pid: number) => readonly string[]) | null;
}

/** One option each: for the `ps` of some BSDs the title of a column, here none, goes on to the end of the argument. */
export const PS_COLUMNS: readonly string[] = ["pid=", "ppid=", "pgid=", "lstart=", "command="].flatMap((it) => [
  "-o",
  it,
]);

const MACOS: ProcessLister = {
  // -E adds the environment of our own processes, but for programs that the system protects
  list: ["/bin/ps", "-axwwE", ...PS_COLUMNS],
  listOne: (pid) => ["/bin/ps", ...PS_COLUMNS, "-p", String(pid)],
  tellsMarkers: true,
  parse: parsePs,
  toMs: psTimeToMs,
  end: null,
};

const WINDOWS: ProcessLister = {
  list: powerShell("Get-CimInstance Win32_Process"),
  listOne: (pid) => powerShell(`Get-CimInstance Win32_Process -Filter 'ProcessId = ${pid}'`),
  tellsMarkers: false,
  parse: parseWindows,
  toMs: windowsTimeToMs,
  end: (pid) => ["taskkill", "/PID", String(pid), "/T", "/F"],
};

/** The time in UTC: a local one comes twice when the clocks go back. */
function powerShell(query: string): readonly string[] {
  const line = "'{0} {1} {2:yyyyMMddHHmmss.fffffff}' -f $_.ProcessId, $_.ParentProcessId, ";
  const pipe = `${query} | Where-Object CreationDate | ForEach-Object { ${line}$_.CreationDate.ToUniversalTime() }`;
  return ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", pipe];
}

/** null = `/proc` says more, or the system is none that we know. */
export function listerOf(platform: NodeJS.Platform): ProcessLister | null {
  if (platform === "darwin") return MACOS;
  return platform === "win32" ? WINDOWS : null;
}

/** Of `ps`, with LC_ALL=C and TZ=UTC: three numbers, a date such as `Sun Nov 22 20:38:00 2026`, and the rest. */
export function parsePs(text: string): readonly ListedProcess[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, group, startedAt = "", rest = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})\s*(.*)$/.exec(line) ?? [];
    if (pid === undefined) return [];
    const marker = new RegExp(`(?:^| )${TURN_VARIABLE}=(\\S+)`).exec(rest)?.[1] ?? null;
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), startedAt, marker }];
  });
}

/** Of what `ps` says with TZ=UTC. */
export function psTimeToMs(startedAt: string): number {
  return Date.parse(`${startedAt} UTC`);
}

function windowsTimeToMs(startedAt: string): number {
  return Date.parse(startedAt.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d\.\d{3})\d*$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** Lines of pid, parent and time; the system's own first processes have no time and are nobody's. */
export function parseWindows(text: string): readonly ListedProcess[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, parent, startedAt = ""] = /^\s*(\d+) (\d+) (\d{14}\.\d{7})\s*$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: null, startedAt, marker: null }];
  });
}

/** What belongs to a tree. */
export interface ListedTree {
  /** Its number was ours to the end: what is in its group belongs to the tree, also when it is gone. */
  readonly root: number;
  /** Not collected yet; after that its number may be a stranger's. */
  readonly hasRoot: boolean;
  /** Seen in the tree before: their parents may be gone by now. */
  readonly known: readonly ListedProcess[];
  readonly marker: string;
}

/** Never this process. */
export function membersOf(
  all: readonly ListedProcess[],
  { root, hasRoot, known, marker }: ListedTree,
): readonly ListedProcess[] {
  const knownIds = new Set(known.map(idOf));
  const isFirst = (it: ListedProcess): boolean =>
    (hasRoot && it.pid === root) || it.group === root || it.marker === marker || knownIds.has(idOf(it));
  return withDescendants(all, isFirst).filter(({ pid }) => pid !== process.pid);
}

/** Windows gives the number of a parent that has ended to others: a child is never older. */
export function withDescendants(
  all: readonly ListedProcess[],
  isFirst: (it: ListedProcess) => boolean,
): readonly ListedProcess[] {
  const members = new Map(all.filter(isFirst).map((it) => [it.pid, it]));
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const it of all) {
      const parent = members.get(it.parent);
      if (parent !== undefined && isNotOlder(it, parent)) members.set(it.pid, it);
    }
  }
  return [...members.values()];
}

/** Names one process, unlike its number alone. */
export function idOf({ pid, startedAt }: ListedProcess): string {
  return `${pid} ${startedAt}`;
}

function isNotOlder(child: ListedProcess, parent: ListedProcess): boolean {
  return child.group !== null || child.startedAt >= parent.startedAt;
}
