/** A moment of a real run that becomes a picture of the README. */
export interface Scene {
  /** Of the file in `docs/images`. */
  readonly name: string;
  readonly title: string;
  /** For `scripted-claude.json`: what the agent does in each stage. */
  readonly agent: Readonly<Record<string, object>>;
  /** The picture is taken when the screen matches. */
  readonly when: RegExp;
}

export const OBJECTIVE: string = `# Objective: A dark mode

## Goals
- The settings have a switch between a light, a dark and the system's theme

## Success Criteria
- [ ] Every page is readable in both
`;

export const STAGES: string = `stages:
  SPEC: { name: Specification, work_agent: ba, artifacts: [spec.md] }
  SPEC_REVIEW: { name: Review of the specification, work_agent: ba, review_agent: reviewer, is_review_stage: true }
  RESEARCH: { name: Research, work_agent: builder-1, artifacts: [research.md] }
  TEST_STRATEGY: { name: Test strategy, work_agent: builder-2, artifacts: [test_strategy.md] }
  SPIKE: { name: Spike, work_agent: builder-3, artifacts: [spike.md], retry: { attempts: 1 } }
  PLAN: { name: Plan, work_agent: pm, artifacts: [plan.md] }
work_to_review_mapping: { SPEC: SPEC_REVIEW }
parallel_groups:
  preparation: { stages: [RESEARCH, TEST_STRATEGY, SPIKE] }
`;

const begin = {
  SPEC: { say: ["Writing spec.md", "Three goals, five scenarios"], everyMs: 600, usd: 0.31 },
  SPEC_REVIEW: { say: ["Reading spec.md"], everyMs: 900, usd: 0.12 },
};
const research = { say: ["Reading src/theme.ts and everything that imports it"], hold: "never", usd: 0.4 };

export const scenes: readonly Scene[] = [
  {
    name: "live-group",
    title: "A run in a terminal: two stages are over, three of a group are running side by side",
    agent: {
      ...begin,
      RESEARCH: research,
      TEST_STRATEGY: { say: ["One scenario for each theme and for the change between them"], hold: "never" },
      SPIKE: { say: ["npm run storybook"], hold: "never" },
    },
    when: /● Research {2,}7s .*Reading src.*\n.*One scenario.*\n.*storybook/,
  },
  {
    name: "failed-group",
    title: "A run in a terminal: one stage of a group has failed, one is over, the third goes on",
    agent: {
      ...begin,
      RESEARCH: research,
      TEST_STRATEGY: { say: ["Six scenarios"], everyMs: 1500, usd: 0.18 },
      SPIKE: { say: ["npm run storybook"], everyMs: 2500, fail: "storybook does not start: port 6006 is taken" },
    },
    when: /● Research {2,}9s .*\n.*✓ Test strategy.*\n.*✗ Spike/,
  },
];
