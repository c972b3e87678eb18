import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Bench, BenchRow } from "./bench-row.js";
import type { Figure } from "./figure.js";
import { renderJson, renderMarkdown, renderText, siteOf } from "./print-figures.js";
import { ROWS } from "./rows.js";

const USAGE = `Usage: pnpm bench [NAME...] [--json | --markdown] [--rounds N] [--folder DIR] [--smoke]

Measures what orchestration costs, each figure beside its floor, one right after the other.
  --json, --markdown   all measurements for a program; the table of docs/performance.md
  --rounds N           how often each pair is measured; default 9
  --folder DIR         where to write: the disk that is measured; default: the folder for temporary files
  --smoke              once, with few stages: shows that every row runs, the figures mean nothing

Rows:
${ROWS.map(({ name, title }) => `  ${name.padEnd(19)}${title}`).join("\n")}
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (parsed === null) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { values, rows } = parsed;
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const parent = resolve(values.folder ?? tmpdir());
  await mkdir(parent, { recursive: true });
  const scratch = await mkdtemp(join(parent, "troupe-bench-"));
  try {
    const rounds = values.smoke === true ? 1 : Number(values.rounds ?? 9);
    const figures = await measureAll(rows, benchIn(scratch, rounds, values.smoke === true));
    process.stdout.write(`${render(figures, values)}\n`);
    return 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Values {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly smoke?: boolean;
  readonly help?: boolean;
  readonly rounds?: string;
  readonly folder?: string;
}

function parse(args: readonly string[]): { readonly values: Values; readonly rows: readonly BenchRow[] } | null {
  try {
    const { values, positionals } = parseArgs({
      args: args.filter((arg) => arg !== "--"),
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        markdown: { type: "boolean" },
        smoke: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        rounds: { type: "string" },
        folder: { type: "string" },
      },
    });
    const unknown = positionals.find((name) => !ROWS.some((row) => row.name === name));
    if (unknown !== undefined) throw new Error(`there is no row "${unknown}"`);
    if (values.rounds !== undefined && !/^[1-9]\d{0,3}$/.test(values.rounds))
      throw new Error("--rounds wants a number");
    const rows = positionals.length === 0 ? ROWS : ROWS.filter(({ name }) => positionals.includes(name));
    return { values, rows };
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n\n`);
    return null;
  }
}

function benchIn(scratch: string, rounds: number, isSmoke: boolean): Bench {
  return {
    rounds,
    makeFolder: () => mkdtemp(join(scratch, "m-")),
    sized: (count) => (isSmoke ? Math.min(count, Math.max(1, Math.ceil(count / 1_000))) : count),
    skip: (reason) => process.stderr.write(`  skipped: ${reason}\n`),
  };
}

async function measureAll(rows: readonly BenchRow[], bench: Bench): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const row of rows) {
    process.stderr.write(`${row.name}: ${row.title}\n`);
    figures.push(...(await row.run(bench)));
  }
  return figures;
}

function render(figures: readonly Figure[], { json, markdown }: Values): string {
  const site = siteOf(new Date());
  if (json === true) return renderJson(figures, site);
  return markdown === true ? renderMarkdown(figures, site) : renderText(figures);
}
