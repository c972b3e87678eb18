/** The built-in workflow as a file; `troupe init` writes it. */
export const DEFAULT_WORKFLOW_YAML: string = `# yaml-language-server: $schema=.troupe/schemas/workflow.schema.json
# The stages that lead from an objective to finished, reviewed work.
# Change what you like: names, agents, order, groups. \`troupe validate\` tells what does not fit.
version: 1

stages:
  SETUP:
    name: Set-up
    description: >
      Look at the project before anything else: how it is built, tested and laid out, and whether it builds and passes
      its tests now. Put right only what would keep the work from starting. Say what you found.
    work_agent: pm
    allowed_personas: [project_manager]
    exit_criteria:
      - The commands that build and test the project are known, and whether they succeed now
    include_objective: false
    writes: tree

  BUSINESS_PROBLEM:
    name: Business problem
    description: >
      State the problem behind the objective: who has it, what it costs them, what would be different if it were solved,
      and how one would notice. No solutions yet.
    work_agent: ba
    allowed_personas: [business_analyst, project_manager]
    artifacts: [problem_statement.md]
    exit_criteria:
      - The problem, those who have it and a measurable sign of success are named
    optional: true

  SPEC:
    name: Specification
    description: >
      Write down what is to be built, so that somebody else could build it and a third person could tell whether it is
      right: behaviour, boundaries, errors, what is left out, open questions with the answer you assume. Under the
      heading "Acceptance Test Scenarios" give scenarios "### AT-001: ..." with description, preconditions, steps,
      expected result and verification.
    work_agent: ba
    allowed_personas: [business_analyst, technical_writer]
    artifacts: [feature_spec.md]
    exit_criteria:
      - Every goal and every success criterion of the objective is covered
      - Every demand can be tested, and there is at least one acceptance test scenario

  SPEC_REVIEW:
    name: Review of the specification
    description: >
      Judge the specification against the objective: is anything missing, contradictory, untestable or not asked for?
      Name each fault with its place and what would mend it.
    work_agent: ba
    review_agent: reviewer
    is_review_stage: true
    allowed_personas: [reviewer]
    artifacts: [spec_review.md]
    exit_criteria:
      - The specification is approved, or each fault is named

  RESEARCH:
    name: Research
    description: >
      Find out how this can be built in this project: the places that change, what exists already and can be used,
      libraries with their limits, at least two ways with their costs. Recommend one. Change nothing.
    work_agent: builder-1
    allowed_personas: [builder, technical_writer]
    artifacts: [research.md]
    exit_criteria:
      - One way is recommended, with the reasons and the files that it touches

  TEST_STRATEGY:
    name: Test strategy
    description: >
      Decide how it will be known that the work is right: which parts are tested before they are written and which
      after, on which level, with what data, and how each acceptance test scenario is checked. Change nothing.
    work_agent: builder-2
    allowed_personas: [builder, reviewer]
    artifacts: [test_strategy.md]
    exit_criteria:
      - Every acceptance test scenario has a way to check it

  PLAN:
    name: Plan
    description: >
      Cut the work into small steps in the order in which they are done. For each: the files, what changes, how it is
      tested, what it needs first. The plan follows the specification, the research and the test strategy.
    work_agent: pm
    allowed_personas: [project_manager, builder]
    artifacts: [implementation_plan.md]
    exit_criteria:
      - Each step can be done and checked by itself
      - Together the steps cover the specification

  PLAN_REVIEW:
    name: Review of the plan
    description: >
      Judge the plan against the specification: does it lead there, is a step missing, too big or in the wrong place, is
      something planned that nobody asked for?
    work_agent: pm
    review_agent: reviewer
    is_review_stage: true
    allowed_personas: [reviewer, project_manager]
    artifacts: [plan_review.md]
    exit_criteria:
      - The plan is approved, or each fault is named

  IMPLEMENTATION:
    name: Implementation
    description: >
      Carry out the plan: code and tests together, step by step, in the manner of the code that is there. Where the plan
      turns out wrong, do what the specification demands and say so.
    work_agent: builder-1
    allowed_personas: [builder]
    exit_criteria:
      - All steps of the plan are done
      - The tests of the project pass
    writes: tree

  IMPLEMENTATION_REVIEW:
    name: Review of the implementation
    description: >
      Read the changes against the specification and the plan: errors, cases left out, tests that prove nothing, code
      that nobody needs. What you cannot find in the changes has not been done.
    work_agent: builder-1
    review_agent: reviewer
    is_review_stage: true
    allowed_personas: [reviewer]
    artifacts: [impl_review.md]
    exit_criteria:
      - The changes are approved, or each fault is named with its file
    writes: tree

  TEST:
    name: Test
    description: >
      Run all tests, add those that the test strategy demands and that are missing, and mend what fails. Report what was
      run, with the numbers as the tools print them.
    work_agent: builder-1
    allowed_personas: [builder, reviewer]
    artifacts: [test_results.md]
    exit_criteria:
      - All tests pass
      - What the test strategy demands is tested
    writes: tree

  ACCEPTANCE_TEST:
    name: Acceptance test
    description: >
      Write a test for each acceptance test scenario of the specification, with the scenario's id (AT-001) in the name of
      the test, as a user would meet it. The checks that run afterwards decide, not your report.
    work_agent: builder-1
    allowed_personas: [builder]
    is_acceptance_test_stage: true
    artifacts: [acceptance_test_results.md]
    exit_criteria:
      - Each scenario has a test that carries its id
      - All checks pass
    writes: tree

  POST_REVIEW:
    name: Final review
    description: >
      Go through the objective point by point: is it reached, and where is the proof? Look at the whole of the changes
      once more and name what remains to be done.
    work_agent: pm
    review_agent: reviewer
    is_review_stage: true
    requires_acceptance_tests_passed: true
    allowed_personas: [project_manager, reviewer]
    artifacts: [post_review.md]
    exit_criteria:
      - Every success criterion of the objective is met, with its proof
    writes: tree

  COMPLETE:
    name: Complete
    description: All stages are done.
    include_objective: false

stage_order:
  - SETUP
  - BUSINESS_PROBLEM
  - SPEC
  - SPEC_REVIEW
  - RESEARCH
  - TEST_STRATEGY
  - PLAN
  - PLAN_REVIEW
  - IMPLEMENTATION
  - IMPLEMENTATION_REVIEW
  - TEST
  - ACCEPTANCE_TEST
  - POST_REVIEW
  - COMPLETE

# Stages of a group run at the same time, each with an agent of its own.
parallel_groups:
  post_spec_review:
    after: SPEC_REVIEW
    stages: [RESEARCH, TEST_STRATEGY]
    before: PLAN

# Which review stage judges the work of which stage.
work_to_review_mapping:
  SPEC: SPEC_REVIEW
  PLAN: PLAN_REVIEW
  IMPLEMENTATION: IMPLEMENTATION_REVIEW
  ACCEPTANCE_TEST: POST_REVIEW
`;
