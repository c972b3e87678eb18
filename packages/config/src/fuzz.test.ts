import fc from "fast-check";
import { expect, it } from "vitest";
import { type Diagnostic, hasErrors } from "./diagnostic.js";
import { formatDiagnostics } from "./format-diagnostic.js";
import { parseObjective } from "./parse-objective.js";
import { parseProjectFile } from "./parse-project-file.js";
import { parseWorkflow } from "./parse-workflow.js";

/** Documents in all; `FUZZ_RUNS=1000000` looks longer. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);

const SOUND: readonly string[] = [
  "version: 1\ninputs: { TICKET: { description: id, default: A-1 } }\nstages:\n  A:\n    run: [make, all]\n    artifacts: [a.md]\n  B: { work_agent: pm, artifacts: [b.md], checks: [npm test] }\n  C: { work_agent: ba, artifacts: [c.md] }\nparallel_groups:\n  g: { stages: [A, B], on_failure: fail_fast }\n",
  "agents:\n  default: [command, { command: [claude, -p] }]\n  pm: { plugin: command, persona: pm, env: { A: b } }\nchecks: [npm test]\nlimits: { duration: 2h, cost: 1.5 }\n",
  "---\ntitle: T\nskip: [A]\nlimits: { duration: 2h }\ninputs: { TICKET: A-1 }\n---\n# Objective: T\n\n**Goal**: x\n\n## Success Criteria\n\n- [ ] a\n- [x] b\n\n| a | b |\n| - | - |\n| c | d |\n\n```sh\n# c\n```\n",
];

const PIECES: readonly string[] =
  "stages:|stage_order:|parallel_groups:|work_to_review_mapping:|defaults:|agents:|limits:|checks:|store:|  A:|  B:|    work_agent: pm|    run: [x]|    checks: [a, [b]]|    artifacts: [a.md]|- A|[A, B]|{ stages: [A, B] }|*a|&a x|: |'|\"|---|\t|# c|null|1|**Goal**: x|## Scope|- [ ] y|<<: *a|? |!!str|%YAML|{|}|]|[|,|>|`|\r|\u{feff}|\0|\u001b[31m|🚀|計|\u202e|__proto__: |\n|  |\n\n|…".split(
    "|",
  );

const mutated = fc
  .tuple(
    fc.constantFrom(...SOUND),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fc.constantFrom("", ...PIECES)), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [place, drop, piece]) => {
      const at = Math.floor(place * current.length);
      return current.slice(0, at) + piece + current.slice(at + drop);
    }, text),
  );
const built = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 });
const texts = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 1, arbitrary: built.map((parts) => parts.join("\n")) },
  { weight: 1, arbitrary: built.map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
);

/** Lines as an editor counts them: by LF, and by CR where the objective's reader does. */
function expectInside(text: string, { line, column, endLine, endColumn }: Diagnostic): void {
  const rows = text.replace(/\r\n?/g, "\n").split("\n");
  const row = rows[line - 1] ?? text.split("\n")[line - 1];
  expect(row, `line ${line}`).toBeDefined();
  const longest = Math.max(row?.length ?? 0, text.split("\n")[line - 1]?.length ?? 0);
  expect(column).toBeGreaterThanOrEqual(1);
  expect(column).toBeLessThanOrEqual(longest + 1);
  if (endLine === null || endColumn === null) return;
  expect(endLine > line || endColumn >= column).toBe(true);
  expect(endLine).toBeLessThanOrEqual(Math.max(rows.length, line));
}

function parseAs(kind: number, text: string): { readonly value: unknown; readonly diagnostics: readonly Diagnostic[] } {
  if (kind === 0) {
    const { workflow: value, diagnostics } = parseWorkflow(text, "f");
    return { value, diagnostics };
  }
  if (kind === 1) {
    const { project: value, diagnostics } = parseProjectFile(text, "f");
    return { value, diagnostics };
  }
  const { objective: value, diagnostics } = parseObjective(text, "f");
  return { value, diagnostics };
}

it(`of ${RUNS} texts each is a value or has an error, with a place inside the text`, () => {
  let index = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const { value, diagnostics } = parseAs(index++ % 3, text);
      expect(value === null).toBe(hasErrors(diagnostics));
      for (const diagnostic of diagnostics) expectInside(text, diagnostic);
      expect(formatDiagnostics(diagnostics, new Map([["f", text]]))).not.toMatch(/[\p{Cc}--\n]/v);
    }),
    { numRuns: RUNS },
  );
}, 600_000);
