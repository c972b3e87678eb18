// A run whose every foreign text tries to be something else.
import { HOUR, MINUTE, RecordedRun } from "./recorded-run.js";

/** Ways out of text: into HTML, a script, an attribute, a comment, XML, markdown, a terminal, or around the reader. */
export const PAYLOADS: readonly string[] = [
  "</script><script>alert(1)</script>",
  "</style><img src=x onerror=alert(1)>",
  '" autofocus onfocus=alert(1) x="',
  "' onmouseover='alert(1)",
  "<!-- <svg onload=alert(1)> --!>",
  ']]></failure><testcase name="fake"/>',
  "&lt;b&gt; &#60;script&#62; &amp;",
  "javascript:alert(1)",
  "[link](javascript:alert(1)) ![image](http://x.example/a.png) <http://x.example>",
  "**bold** __bold__ `code` ~~gone~~ | cell | @somebody #12 # heading",
  "\u001b[2J\u001b]8;;http://x.example\u0007link\u001b]8;;\u0007 \u009b31m",
  "\u202eevil\u202c \u2066isolate\u2069 zero\u200bwidth\ufeff",
  "null\u0000bell\u0007back\bspace lone\ud800 \ufffe\uffff",
  "line one\nline two\r\n- item\n# heading\n```\nfence",
  "{{ template }} <%= erb %> %{x} $(id) `id`",
];

export function hostile(payload: string): RecordedRun {
  const run = new RecordedRun({
    name: payload,
    title: payload,
    stages: [
      { id: "SPEC", name: payload, workAgent: payload, artifacts: ["spec.md"], checks: [{ argv: ["x"] }] },
      {
        id: "REVIEW",
        name: payload,
        kind: "review",
        reviews: "SPEC",
        workAgent: payload,
        reviewAgent: payload,
        needs: ["SPEC"],
      },
      { id: "PLAN", name: payload, workAgent: "pm", approval: true, needs: ["REVIEW"] },
      { id: "BUILD", name: payload, workAgent: payload, needs: ["PLAN"] },
    ],
  });
  run.after(MINUTE).succeed("SPEC.1", {
    artifacts: [
      { name: payload, sha256: "a".repeat(64), bytes: 7 },
      { name: "spec.md", sha256: "b".repeat(64), bytes: 9 },
    ],
  });
  run.after(MINUTE).check(
    "SPEC.2",
    { passed: true, command: payload, problem: payload },
    {
      passed: true,
      command: payload,
      exitCode: null,
      scenarios: [{ id: "AT-001", title: payload, status: "not-linked" }],
    },
  );
  run.after(MINUTE).judge("REVIEW.1", "rejected", [payload, payload]);
  run.after(MINUTE).succeed("REVIEW.2");
  run.after(MINUTE).check("REVIEW.3", { passed: true });
  run.after(MINUTE).judge("REVIEW.4", "approved", [payload]);
  run.after(MINUTE).succeed("PLAN.1");
  run.after(HOUR).tell({ type: "approval.granted", stage: "PLAN", turn: "PLAN.1", by: payload, message: payload });
  run.after(MINUTE).claim({ command: payload });
  run.after(MINUTE).fail("BUILD.1", payload, { hint: payload, retry: { notBefore: null } });
  run.after(MINUTE).tell({ type: "run.cancel-requested", by: payload, message: payload });
  return run;
}

/** What no report may hold: controls, what turns text or has no width, half characters, and what is no character. */
export const UNSEEN: RegExp = /[^\P{C}\n\t]/u;
