import { readFileSync } from "node:fs";
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

/** For a package that is not named: small, and nothing of others. */
const STRICTEST: FootprintLimit = { packed: 150, installed: 2000, thirdParty: 0 };

/**
 * A quarter above what is there, so that growth is noticed when it happens. `cli` carries all the defaults, and bundled once more in its command; `config` a
 * markdown parser with positions, yaml and zod.
 */
const LIMITS: Readonly<Record<string, FootprintLimit>> = {
  "@troupe/agent-acp": { packed: 100, installed: 20_500, thirdParty: 2 },
  "@troupe/cli": { packed: 750, installed: 32_000, thirdParty: 100 },
  "@troupe/config": { packed: 260, installed: 13_500, thirdParty: 70 },
  "@troupe/core": { packed: 350, installed: 1500, thirdParty: 0 },
  "@troupe/executor-parallel": { packed: 15, installed: 1700, thirdParty: 1 },
  "@troupe/progress-console": { packed: 100, installed: 2200, thirdParty: 20 },
  "@troupe/stage-runner": { packed: 150, installed: 2500, thirdParty: 1 },
  "@troupe/store-fs": { packed: 110, installed: 1900, thirdParty: 0 },
  "@troupe/store-sqlite": { packed: 75, installed: 1800, thirdParty: 0 },
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

function oursOf(one: PackedPackage, byName: ReadonlyMap<string, PackedPackage>): readonly PackedPackage[] {
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

/** The page that shows what each package costs. */
export function renderFootprints(footprints: readonly Footprint[]): string {
  const rows = footprints.map(({ name, packed, own, installed, ours, thirdParty }) => {
    const others =
      thirdParty.length === 0 ? "none" : thirdParty.length > 3 ? `${thirdParty.length}` : thirdParty.join(", ");
    const brings = ours.map((one) => one.replace("@troupe/", "")).join(", ");
    const sizes = [packed, own, installed].map((bytes) => String(rounded(bytes)));
    return [`\`${name}\``, ...sizes, brings === "" ? "nothing" : brings, others];
  });
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

/** Packages whose row is missing or far from what is there, in the page as it stands. */
export function staleRows(footprints: readonly Footprint[]): readonly string[] {
  const page = readFileSync(FOOTPRINT_PAGE, "utf8");
  const stated = new Map(
    [...page.matchAll(/^\| `([^`]+)` +\| +(\d+) +\| +(\d+) +\| +(\d+) /gm)].map(([, name, packed, , installed]) => [
      name,
      [Number(packed), Number(installed)] as const,
    ]),
  );
  const isFar = (stands: number | undefined, is: number): boolean =>
    stands === undefined || Math.abs(stands - kib(is)) > Math.max(10, kib(is) / 3);
  return footprints
    .filter(({ name, packed, installed }) => {
      const [statedPacked, statedInstalled] = stated.get(name) ?? [];
      return isFar(statedPacked, packed) || isFar(statedInstalled, installed);
    })
    .map(({ name }) => name);
}
