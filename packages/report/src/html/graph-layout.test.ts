import fc from "fast-check";
import { expect, test } from "vitest";
import { RecordedRun, type RunDraft } from "../../test/recorded-run.js";
import { createReport, type ReportStage } from "../index.js";
import { type GraphLayout, layOut, NODE } from "./graph-layout.js";
import { createUnits, type Unit } from "./graph-units.js";

function unitsOf(draft: RunDraft): readonly Unit[] {
  const { entries } = new RecordedRun(draft);
  const { stages, groups } = createReport(entries, { now: 0, holder: null });
  return createUnits(stages, groups);
}

function namesOf(units: readonly Unit[]): readonly string[] {
  const name = ({ group, stages }: Unit): string => group?.name ?? stages.map(({ id }) => id).join("+");
  return units.map((unit) =>
    `${unit.layer} ${name(unit)} < ${unit.needs.map((need) => name(units[need] ?? unit)).join(" ")}`.trim(),
  );
}

const stage = (id: string, ...needs: readonly string[]) => ({ id, workAgent: id, needs });

test("a group is one unit, and lines that follow from others are left out", () => {
  const stages = [stage("A"), stage("B", "A"), stage("C", "A"), stage("D", "B", "C", "A"), stage("E", "D", "A")];
  expect(namesOf(unitsOf({ stages, groups: [{ name: "both", stages: ["B", "C"] }] }))).toEqual([
    "0 A <",
    "1 both < A",
    "2 D < both",
    "3 E < D",
  ]);
});

test("a group whose members wait for different stages is drawn as the stages that it has", () => {
  const stages = [stage("A"), stage("B"), stage("C", "A"), stage("D", "B")];
  expect(namesOf(unitsOf({ stages, groups: [{ name: "both", stages: ["C", "D"] }] }))).toEqual([
    "0 A <",
    "0 B <",
    "1 C < A",
    "1 D < B",
  ]);
});

/** Any graph of up to 14 stages, some of them in groups. */
const drafts = fc
  .array(fc.record({ needs: fc.array(fc.nat(20), { maxLength: 3 }), members: fc.nat(5) }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((shapes): RunDraft => {
    const stages: ReturnType<typeof stage>[] = [];
    const groups: { name: string; stages: string[] }[] = [];
    for (const { needs, members } of shapes) {
      const before =
        stages.length === 0 ? [] : [...new Set(needs.map((need) => stages[need % stages.length]?.id ?? ""))];
      const ids = Array.from({ length: Math.max(1, members - 1) }, (_, index) => `S${stages.length + index}`);
      for (const id of ids) stages.push(stage(id, ...before));
      if (ids.length > 1) groups.push({ name: `G${groups.length}`, stages: ids });
    }
    return { stages, groups };
  });

function overlaps(layout: GraphLayout): readonly string[] {
  return layout.stages.flatMap((one, index) =>
    layout.stages.slice(index + 1).flatMap((other) => {
      const apart = Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height;
      return apart ? [] : [`${one.stage.id} and ${other.stage.id}`];
    }),
  );
}

test("no stage lies on another or outside, each lies in its group's box, and below what it needs", () => {
  fc.assert(
    fc.property(drafts, (draft) => {
      const units = unitsOf(draft);
      const layout = layOut(units);
      expect(overlaps(layout)).toEqual([]);
      const tops = new Map(layout.stages.map(({ stage: { id }, y }) => [id, y]));
      for (const { stage: placed, x, y } of layout.stages) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + NODE.width).toBeLessThanOrEqual(layout.width);
        expect(y + NODE.height).toBeLessThanOrEqual(layout.height);
        for (const need of placed.needs) expect(y).toBeGreaterThan((tops.get(need) ?? 0) + NODE.height);
        expect(inBox(layout, placed, { x, y })).toBe(true);
      }
      expect(layout.edges).toHaveLength(units.reduce((sum, { needs }) => sum + needs.length, 0));
      for (const { path } of layout.edges) expect(path).toMatch(/^M-?\d+ -?\d+(?:[VC][-\d ]+)+$/);
    }),
    { numRuns: 200 },
  );
});

function inBox(
  { boxes }: GraphLayout,
  { group }: ReportStage,
  { x, y }: { readonly x: number; readonly y: number },
): boolean {
  const box = boxes.find(({ name }) => name === group);
  if (box === undefined) return true;
  return x > box.x && y > box.y && x + NODE.width < box.x + box.width && y + NODE.height < box.y + box.height;
}
