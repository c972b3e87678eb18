import { join } from "node:path";
import { sizeOf, thirdPartyOf } from "./dependency-tree.js";
import type { PackedPackage } from "./pack-packages.js";
import { ROOT } from "./repository.js";

/** What a package costs who installs it. Sizes are in bytes. */
export interface Footprint {
  readonly name: string;
  /** Of the tarball. */
  readonly packed: number;
  /** Of its own files, unpacked. */
  readonly own: number;
  /** Of everything that `npm install NAME` brings, its peer core and other packages of ours included. */
  readonly installed: number;
  /** Our packages that come with it. */
  readonly ours: readonly string[];
  /** Packages of others that come with it. */
  readonly thirdParty: readonly string[];
}

/** The most that a package may cost: KiB, and how many packages of others. */
interface FootprintLimit {
  readonly packed: number;
  readonly installed: number;
  readonly thirdParty: number;
}

/** For a package that is not named. */
const STRICTEST: FootprintLimit = { packed: 25, installed: 1600, thirdParty: 0 };

/**
 * A quarter above what is there, so that growth is noticed when it happens; a test holds them to that. `cli` carries all the defaults, and bundled
 * once more in its command; `config` a markdown parser with positions, yaml and zod.
 */
export const LIMITS: Readonly<Record<string, FootprintLimit>> = {
  "@troupe/agent-acp": { packed: 75, installed: 20_500, thirdParty: 2 },
  "@troupe/agent-command": { packed: 80, installed: 2000, thirdParty: 0 },
  "@troupe/agent-replay": { packed: 20, installed: 1600, thirdParty: 0 },
  "@troupe/cli": { packed: 900, installed: 32_500, thirdParty: 94 },
  "@troupe/config": { packed: 285, installed: 13_700, thirdParty: 70 },
  "@troupe/conformance": { packed: 120, installed: 2000, thirdParty: 0 },
  "@troupe/core": { packed: 350, installed: 1500, thirdParty: 0 },
  "@troupe/executor-parallel": { packed: 15, installed: 1700, thirdParty: 1 },
  "@troupe/notify": { packed: 75, installed: 2000, thirdParty: 0 },
  "@troupe/process": { packed: 75, installed: 1800, thirdParty: 0 },
  "@troupe/progress-console": { packed: 100, installed: 2000, thirdParty: 4 },
  "@troupe/report": { packed: 160, installed: 2200, thirdParty: 0 },
  "@troupe/stage-runner": { packed: 120, installed: 2500, thirdParty: 1 },
  "@troupe/store-fs": { packed: 110, installed: 1900, thirdParty: 0 },
  "@troupe/store-sqlite": { packed: 65, installed: 1800, thirdParty: 0 },
};

export function footprintsOf(packages: readonly PackedPackage[]): readonly Footprint[] {
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  return packages.map((one) => {
    const ours = oursOf(one, byName);
    const thirdParty = thirdPartyOf(join(ROOT, "packages", one.folder));
    const own = unpackedSize(one);
    const rest = ours.reduce((sum, other) => sum + unpackedSize(other), 0);
    return {
      name: one.manifest.name,
      packed: one.bytes.length,
      own,
      installed: own + rest + thirdParty.reduce((sum, { path }) => sum + sizeOf(path), 0),
      ours: ours.map(({ manifest }) => manifest.name),
      thirdParty: thirdParty.map(({ manifest }) => manifest.name),
    };
  });
}

/** Everything of ours that a package brings, its peer core included. */
export function oursOf(one: PackedPackage, byName: ReadonlyMap<string, PackedPackage>): readonly PackedPackage[] {
  const found = new Set<PackedPackage>();
  const visit = ({ manifest }: PackedPackage): void => {
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      const other = byName.get(name);
      if (other === undefined || found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(one);
  return [...found].sort((a, b) => (a.manifest.name < b.manifest.name ? -1 : 1));
}

function unpackedSize({ files }: PackedPackage): number {
  return files.reduce((sum, { content }) => sum + content.length, 0);
}

/** What is above its limit, one line each. */
export function footprintProblems(footprints: readonly Footprint[]): readonly string[] {
  return footprints.flatMap(({ name, packed, installed, thirdParty }) => {
    const limit = LIMITS[name] ?? STRICTEST;
    const checks = [
      ["KiB packed", kib(packed), limit.packed],
      ["KiB installed", kib(installed), limit.installed],
      ["packages of others", thirdParty.length, limit.thirdParty],
    ] as const;
    return checks
      .filter(([, is, most]) => is > most)
      .map(([what, is, most]) => `${name}: ${is} ${what}, the limit in packages/consumers/src/footprint.ts is ${most}`);
  });
}

const kib = (bytes: number): number => Math.ceil(bytes / 1024);

/** Rounded, so that the table does not change with every commit. */
function rounded(bytes: number): number {
  const size = kib(bytes);
  const step = size < 100 ? 5 : size < 1000 ? 25 : 100;
  return Math.round(size / step) * step;
}

export const FOOTPRINT_PAGE: string = join(ROOT, "docs/footprint.md");

/** The cells of a package's row. */
function cellsOf({ name, packed, own, installed, ours, thirdParty }: Footprint): readonly string[] {
  const others =
    thirdParty.length === 0 ? "none" : thirdParty.length > 3 ? `${thirdParty.length}` : thirdParty.join(", ");
  const brings = ours.map((one) => one.replace("@troupe/", "")).join(", ");
  const sizes = [packed, own, installed].map((bytes) => String(rounded(bytes)));
  return [`\`${name}\``, ...sizes, brings === "" ? "nothing" : brings, others];
}

/** The page that shows what each package costs. */
export function renderFootprints(footprints: readonly Footprint[]): string {
  const rows = footprints.map(cellsOf);
  return `# Footprint

What each package costs, in KiB, rounded: its tarball; its own files, for a library with its sources, so that stack traces and editors lead somewhere; and all that \`npm install NAME\` brings.
Written by \`pnpm footprint\`; \`pnpm pack:check\` holds every package to its limits.

${table(["package", "tarball", "own files", "installed", "of ours it brings", "of others"], rows)}
Those of others in whole, with their licences, are printed by \`pnpm footprint --packages\`.
`;
}

/** Aligned as the formatter of this repository does it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  return `${line(head)}| ${widths.map((width) => "-".repeat(width)).join(" | ")} |\n${rows.map(line).join("")}`;
}

/** Packages whose row in a page is missing, far from what is there, or names other packages than those that come with it. */
export function staleRows(footprints: readonly Footprint[], page: string): readonly string[] {
  const stated = new Map(statedRows(page).map((row) => [row.name, row]));
  const isFar = (stands: number, bytes: number): boolean =>
    Math.abs(stands - kib(bytes)) > Math.max(10, kib(bytes) / 8);
  return footprints
    .filter((one) => {
      const row = stated.get(one.name);
      if (row === undefined) return true;
      const [, , , , ours, others] = cellsOf(one);
      const sizes = [row.packed, row.own, row.installed];
      return (
        [one.packed, one.own, one.installed].some((bytes, index) => isFar(sizes[index] ?? 0, bytes)) ||
        row.ours !== ours ||
        row.others !== others
      );
    })
    .map(({ name }) => name);
}

/** A row of the page: sizes in KiB, rounded. */
interface StatedRow {
  readonly name: string;
  readonly packed: number;
  readonly own: number;
  readonly installed: number;
  readonly ours: string;
  readonly others: string;
}

export function statedRows(page: string): readonly StatedRow[] {
  return page
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, name]) => name?.startsWith("`@"))
    .map(([, name = "", packed, own, installed, ours = "", others = ""]) => ({
      name: name.replaceAll("`", ""),
      packed: Number(packed),
      own: Number(own),
      installed: Number(installed),
      ours,
      others,
    }));
}
