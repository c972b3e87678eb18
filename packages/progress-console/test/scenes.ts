import type { ProgressEvent } from "@troupe/core";
import {
  claimed,
  completed,
  createRunScript,
  failed,
  groupStarts,
  membersEnd,
  output,
  reviewRound,
  runEnds,
  settled,
  stageFailed,
  started,
  teamDraft,
} from "./run-script.js";

/** A moment of a run worth a picture. */
export interface Scene {
  readonly name: string;
  /** When the picture is taken. */
  readonly seconds: number;
  events(): readonly ProgressEvent[];
}

const FAMILY = "👩‍👩‍👧‍👦";
const FLAGS = "🇫🇷🇯🇵";
const HEBREW = "בדיקת שלב";
const ARABIC = "مرحلة الاختبار";

function review(): readonly ProgressEvent[] {
  const script = createRunScript(teamDraft);
  return [...reviewRound(script), output("SPEC_REVIEW.2", "Adding acceptance scenarios to spec.md\n")];
}

function group(): readonly ProgressEvent[] {
  const script = createRunScript(teamDraft);
  return [
    ...reviewRound(script),
    ...groupStarts(script),
    output("RESEARCH.1", "Reading src/theme.ts and everything that imports it, to find where colours are decided\n"),
    output("TEST_STRATEGY.1", "Three scenarios, one for each theme"),
    output("SPIKE.1", "npm run storybook\n"),
  ];
}

function failedGroup(): readonly ProgressEvent[] {
  const script = createRunScript(teamDraft);
  return [
    ...reviewRound(script),
    ...groupStarts(script),
    output("RESEARCH.1", "Reading src/theme.ts\n"),
    ...membersEnd(script),
  ];
}

/** 64 stages at work in two groups and alone, some of them over. */
function crowd(): readonly ProgressEvent[] {
  const ids = Array.from({ length: 64 }, (_, n) => `STAGE_${n + 1}`);
  const script = createRunScript({
    stages: ids.map((id, n) => ({ id, workAgent: `worker-${n + 1}` })),
    groups: [
      { name: "first", stages: ids.slice(0, 20) },
      { name: "second", stages: ids.slice(20, 30) },
    ],
  });
  return [
    script.entry(0, claimed(), ...ids.map((id, n) => started(`${id}.1`, { agent: `worker-${n + 1}` }))),
    ...ids.map((id, n) => output(`${id}.1`, `step ${n + 1} of 64: ${"looking ".repeat(n % 7)}\n`)),
    script.entry(10, settled("STAGE_3.1"), completed("STAGE_3")),
    script.entry(12, settled("STAGE_22.1", failed()), stageFailed("STAGE_22")),
  ];
}

/** Wide characters, emoji of several code points, flags, combining marks, text from right to left. */
function scripts(): readonly ProgressEvent[] {
  const names = [
    "研究と調査の段階",
    `${FAMILY} family ${FLAGS}`,
    "e\u0301tude\u0301",
    HEBREW,
    ARABIC,
    "👍🏽✌🏿 ok",
    "한국어 단계",
  ];
  const script = createRunScript({
    stages: names.map((name, n) => ({ id: `S${n}`, name, workAgent: "builder" })),
    groups: [{ name: "wide", stages: ["S0", "S1", "S2"] }],
  });
  return [
    script.entry(0, claimed(), ...names.map((_, n) => started(`S${n}.1`))),
    ...names.map((name, n) => output(`S${n}.1`, `${name} `.repeat(30))),
  ];
}

/** Several agents share the work of a stage. */
function parts(): readonly ProgressEvent[] {
  const agents = ["ann", "bob", "cid"];
  const script = createRunScript({
    stages: [
      { id: "BUILD", parallelAgents: agents },
      { id: "SIDE", workAgent: "sue" },
    ],
    groups: [{ name: "both", stages: ["BUILD", "SIDE"] }],
  });
  return [
    script.entry(0, claimed(), ...agents.map((agent, n) => started(`BUILD.${n + 1}`, { agent }))),
    output("BUILD.1", "Reading the plan\n"),
    script.entry(20, settled("BUILD.2")),
  ];
}

export const scenes: readonly Scene[] = [
  { name: "review", seconds: 100, events: review },
  { name: "group", seconds: 185, events: group },
  { name: "failed-group", seconds: 185, events: failedGroup },
  { name: "crowd", seconds: 75, events: crowd },
  { name: "scripts", seconds: 5, events: scripts },
  { name: "parts", seconds: 65, events: parts },
];

/** A whole run of a review, a group of which one member fails, and the end. */
export function wholeRun(): readonly ProgressEvent[] {
  const script = createRunScript(teamDraft);
  return [
    ...reviewRound(script),
    ...groupStarts(script),
    output("RESEARCH.1", "Reading src/theme.ts – 50% done\n"),
    ...membersEnd(script),
    {
      type: "notice",
      level: "warning",
      message: "12 MB of disk left: 100% soon\n::error::not a command ##[add-mask]x",
    },
    ...runEnds(script),
  ];
}
