import { describe, expect, it } from "vitest";
import { diagnose, parse, stageOf } from "../test/workflow-fixtures.js";

describe("retry and time", () => {
  it("takes from the defaults, key by key, what a stage does not say", () => {
    const workflow = parse(`defaults:
  timeout: 1h
  idle_timeout: 5m
  retry: { attempts: 5, delay: 10s, backoff: 1.5, max_delay: 1m }
stages:
  A: { work_agent: pm }
  B: { work_agent: pm, timeout: 2h, idle_timeout: 90s, retry: { attempts: 1 } }
  C: { work_agent: pm, idle_timeout: null, retry: { delay: 20s, backoff: null } }
  D: { run: make, retry: null }
`);
    const times = ["A", "B", "C", "D"].map((id) => {
      const { timeoutMs, idleTimeoutMs, retry } = stageOf(workflow, id);
      return { timeoutMs, idleTimeoutMs, ...retry };
    });
    const all = {
      timeoutMs: 3_600_000,
      idleTimeoutMs: 300_000,
      attempts: 5,
      delayMs: 10_000,
      backoff: 1.5,
      maxDelayMs: 60_000,
    };
    expect(times).toEqual([
      all,
      { ...all, timeoutMs: 7_200_000, idleTimeoutMs: 90_000, attempts: 1 },
      { ...all, delayMs: 20_000 },
      all,
    ]);
  });

  it("does not cut a long delay down to the default longest one", () => {
    const workflow = parse("stages: { A: { work_agent: pm, retry: { delay: 15m } }, B: { work_agent: pm } }");
    expect(stageOf(workflow, "A").retry).toEqual({ attempts: 2, delayMs: 900_000, backoff: 2, maxDelayMs: 900_000 });
    expect(stageOf(workflow, "B").retry).toEqual({ attempts: 2, delayMs: 30_000, backoff: 2, maxDelayMs: 600_000 });
  });

  it("says what is wrong with a policy", () => {
    const text = `stages:
  A: { work_agent: pm, retry: { attempts: 0, delay: 30, backoff: 0.5, max_delay: soon, atempts: 1 } }
  B: { work_agent: pm, retry: 3 }
  C: { work_agent: pm, idle_timeout: 300 }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:43 error CONFIG_INVALID: stages.A.retry.attempts must be a whole number from 1 to 100, not 0
        1 | stages:
        2 |   A: { work_agent: pm, retry: { attempts: 0, delay: 30, backoff: 0.5, max_delay: soon, atempts: 1 } }
          |                                           ^

      stages.yaml:2:53 error CONFIG_INVALID: stages.A.retry.delay must be a duration like "90s", "15m" or "2h", not 30
        1 | stages:
        2 |   A: { work_agent: pm, retry: { attempts: 0, delay: 30, backoff: 0.5, max_delay: soon, atempts: 1 } }
          |                                                     ^^
        hint: Give a unit: "30s", "30m" or "30h".

      stages.yaml:2:66 error CONFIG_INVALID: stages.A.retry.backoff must be a factor from 1 to 100, not 0.5
        1 | stages:
        2 |   A: { work_agent: pm, retry: { attempts: 0, delay: 30, backoff: 0.5, max_delay: soon, atempts: 1 } }
          |                                                                  ^^^

      stages.yaml:2:82 error CONFIG_INVALID: stages.A.retry.max_delay must be a duration like "90s", "15m" or "2h", not "soon"
        1 | stages:
        2 |   A: { work_agent: pm, retry: { attempts: 0, delay: 30, backoff: 0.5, max_delay: soon, atempts: 1 } }
          |                                                                                  ^^^^

      stages.yaml:2:88 error CONFIG_INVALID: unknown key "atempts" in stages.A.retry
        2 | …lay: 30, backoff: 0.5, max_delay: soon, atempts: 1 } }
          |                                          ^^^^^^^
        hint: did you mean "attempts"?

      stages.yaml:3:31 error CONFIG_INVALID: stages.B.retry must be a map with attempts, delay, backoff and max_delay, not 3
        2 |   A: { work_agent: pm, retry: { attempts: 0, delay: 30, backoff: 0.5, max_delay: soon, atempts: 1 } }
        3 |   B: { work_agent: pm, retry: 3 }
          |                               ^

      stages.yaml:4:38 error CONFIG_INVALID: stages.C.idle_timeout must be a duration like "90s", "15m" or "2h", not 300
        3 |   B: { work_agent: pm, retry: 3 }
        4 |   C: { work_agent: pm, idle_timeout: 300 }
          |                                      ^^^
        hint: Give a unit: "300s".

      7 errors
      "
    `);
  });

  it("refuses a delay that is longer than the longest one, once where it comes from the defaults", () => {
    const text = `defaults: { retry: { delay: 2m, max_delay: 1m } }
stages:
  A: { work_agent: pm }
  B: { work_agent: pm, retry: { attempts: 3 } }
  C: { work_agent: pm, retry: { max_delay: 30s } }
  D: { work_agent: pm, retry: { max_delay: 5m } }
  E: { work_agent: pm, retry: { delay: 1d } }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:29 error WORKFLOW_INVALID: retry in defaults: delay "2m" is longer than max_delay "1m"
        1 | defaults: { retry: { delay: 2m, max_delay: 1m } }
          |                             ^^
        hint: Make max_delay longer, or the delay shorter.

      stages.yaml:5:44 error WORKFLOW_INVALID: retry of stage "C": delay "2m" is longer than max_delay "30s"
        4 |   B: { work_agent: pm, retry: { attempts: 3 } }
        5 |   C: { work_agent: pm, retry: { max_delay: 30s } }
          |                                            ^^^
        hint: Make max_delay longer, or the delay shorter.

      stages.yaml:7:40 error WORKFLOW_INVALID: retry of stage "E": delay "1d" is longer than max_delay "1m"
        6 |   D: { work_agent: pm, retry: { max_delay: 5m } }
        7 |   E: { work_agent: pm, retry: { delay: 1d } }
          |                                        ^^
        hint: Make max_delay longer, or the delay shorter.

      3 errors
      "
    `);
  });

  it("warns where nothing of a stage runs", () => {
    expect(
      diagnose("stages: { A: { run: make }, Z: { idle_timeout: 1m, retry: { attempts: 3 } } }"),
    ).toMatchInlineSnapshot(`
      "stages.yaml:1:34 warning WORKFLOW_INVALID: idle_timeout of stage "Z" has no effect: nothing of it runs
        1 | stages: { A: { run: make }, Z: { idle_timeout: 1m, retry: { attempts: 3 } } }
          |                                  ^^^^^^^^^^^^
        hint: Remove it, or add work_agent or run.

      stages.yaml:1:52 warning WORKFLOW_INVALID: retry of stage "Z" has no effect: nothing of it runs
        1 | stages: { A: { run: make }, Z: { idle_timeout: 1m, retry: { attempts: 3 } } }
          |                                                    ^^^^^
        hint: Remove it, or add work_agent or run.

      2 warnings
      "
    `);
  });
});
