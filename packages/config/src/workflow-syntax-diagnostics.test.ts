import { describe, expect, it } from "vitest";
import { diagnose } from "../test/workflow-fixtures.js";

describe("syntax", () => {
  it("shows an unclosed quote where it begins", () => {
    const text = `stages:
  A:
    name: "half
    work_agent: pm
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:11 error CONFIG_INVALID: the quote is not closed
        2 |   A:
        3 |     name: "half
          |           ^
        hint: Write " at the end of the text.

      1 error
      "
    `);
  });

  it("explains a second colon in a line", () => {
    const text = `stages:
  A:
    description: Fix: the thing
    work_agent: pm
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:18 error CONFIG_INVALID: there is a second ": " in the line, which would make the value a map
        2 |   A:
        3 |     description: Fix: the thing
          |                  ^^^^^^^^^^^^^^
        hint: Put the value in quotes.

      1 error
      "
    `);
  });

  it("refuses a tab as indentation", () => {
    const text = `stages:
\tA: { work_agent: pm }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:1 error CONFIG_INVALID: a tab indents the line
        1 | stages:
        2 |  A: { work_agent: pm }
          | ^
        hint: Use spaces.

      1 error
      "
    `);
  });

  it("points at wrong indentation", () => {
    const text = `stages:
  A:
    work_agent: pm
   name: x
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:4 error CONFIG_INVALID: the line is indented like none of those above it
        3 |     work_agent: pm
        4 |    name: x
          |    ^^^^^^^
        hint: Indent it exactly like the lines it belongs to.

      1 error
      "
    `);
  });

  it("points at an unclosed list and keeps quiet about what it swallowed", () => {
    const text = `stages:
  A: { work_agent: pm, nmae: x }
stage_order: [A,
version: 1
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:24 error CONFIG_INVALID: unknown key "nmae" in stages.A
        1 | stages:
        2 |   A: { work_agent: pm, nmae: x }
          |                        ^^^^
        hint: did you mean "name"?

      stages.yaml:3:14 error CONFIG_INVALID: the list that begins here is not closed
        2 |   A: { work_agent: pm, nmae: x }
        3 | stage_order: [A,
          |              ^
        hint: Write ] at its end.

      2 errors
      "
    `);
  });

  it("goes on after a reserved character and a bad escape", () => {
    const text = `stages:
  A:
    name: @a
    description: "a\\q"
    work_agent: 5
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:11 error CONFIG_INVALID: a value cannot start with this character
        2 |   A:
        3 |     name: @a
          |           ^
        hint: Put the value in quotes.

      stages.yaml:4:20 error CONFIG_INVALID: a backslash in double quotes begins an escape, and there is none like this
        3 |     name: @a
        4 |     description: "a\\q"
          |                    ^
        hint: Write \\\\ for a backslash, or use single quotes.

      stages.yaml:5:17 error CONFIG_INVALID: stages.A.work_agent must be an id (letters, digits, . _ - and at most 64 of them), not 5
        4 |     description: "a\\q"
        5 |     work_agent: 5
          |                 ^
        hint: Put it in quotes: "5".

      3 errors
      "
    `);
  });

  it("refuses a second document", () => {
    const text = `stages:
  A: { work_agent: pm }
---
stages: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:3:1 error CONFIG_INVALID: the file has a second document (---)
        2 |   A: { work_agent: pm }
        3 | ---
          | ^^^
        hint: Keep one document; remove the line with ---.

      1 error
      "
    `);
  });

  it("names an alias without an anchor", () => {
    const text = `stages:
  A: *nothing
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:6 error CONFIG_INVALID: the alias *nothing names no anchor before it
        1 | stages:
        2 |   A: *nothing
          |      ^^^^^^^^
        hint: Put the value in quotes, if the star is part of it.

      1 error
      "
    `);
  });

  it("refuses merge keys, tags and __proto__", () => {
    const text = `stages:
  A: { work_agent: !who pm, <<: {} }
  __proto__: { work_agent: pm }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:25 error CONFIG_INVALID: tags are not supported: !who
        1 | stages:
        2 |   A: { work_agent: !who pm, <<: {} }
          |                         ^^
        hint: Remove the tag.

      stages.yaml:2:29 error CONFIG_INVALID: merge keys (<<) are not supported
        1 | stages:
        2 |   A: { work_agent: !who pm, <<: {} }
          |                             ^^
        hint: Write the keys out, or use defaults.

      stages.yaml:3:3 error CONFIG_INVALID: a key cannot be "__proto__"
        2 |   A: { work_agent: !who pm, <<: {} }
        3 |   __proto__: { work_agent: pm }
          |   ^^^^^^^^^
        hint: Choose another name.

      3 errors
      "
    `);
  });

  it("refuses directives", () => {
    const text = `%YAML 1.1
---
stages: {}
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: directives are not supported
        1 | %YAML 1.1
          | ^^^^^^^^^
        hint: Remove the line that starts with %.

      1 error
      "
    `);
  });

  it("says that a file is empty", () => {
    const text = `# nothing
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: the file is empty
        1 | # nothing
          | ^
        hint: It must be a map with the stages of the workflow.

      1 error
      "
    `);
  });

  it("says what a file must be", () => {
    const text = `just words
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:1:1 error CONFIG_INVALID: the file must be a map with the stages of the workflow, not "just words"
        1 | just words
          | ^
        hint: Known keys: version, defaults, inputs, stages, stage_order, parallel_groups, work_to_review_mapping.

      1 error
      "
    `);
  });

  it("refuses keys that are no words, NUL and numbers without end", () => {
    const text = `stages:
  ? [a]
  : 1
  A: { name: "\\0", max_rounds: .inf, work_agent: pm }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:5 error CONFIG_INVALID: a key must be a plain word
        1 | stages:
        2 |   ? [a]
          |     ^^^
        hint: Write the word itself.

      stages.yaml:4:14 error CONFIG_INVALID: the text has a character that no text may have (NUL or half a character)
        3 |   : 1
        4 |   A: { name: "\\0", max_rounds: .inf, work_agent: pm }
          |              ^^^^

      stages.yaml:4:32 error CONFIG_INVALID: the number is not finite
        3 |   : 1
        4 |   A: { name: "\\0", max_rounds: .inf, work_agent: pm }
          |                                ^^^^
        hint: Put it in quotes if it is meant as a text.

      3 errors
      "
    `);
  });

  it("refuses a NUL character", () => {
    const text = `stages:
  A: { name: \0 }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:2:14 error CONFIG_INVALID: the file has a NUL character
        1 | stages:
        2 |   A: { name: � }
          |              ^
        hint: Remove it, or save the file as UTF-8.

      1 error
      "
    `);
  });

  it("names the first of two equal keys", () => {
    const text = `stages:
  A: { work_agent: pm }
  B: { work_agent: pm }
  A: { work_agent: ba }
`;
    expect(diagnose(text)).toMatchInlineSnapshot(`
      "stages.yaml:4:3 error CONFIG_INVALID: "A" is given twice; the first is in line 2
        3 |   B: { work_agent: pm }
        4 |   A: { work_agent: ba }
          |   ^
        hint: Remove one of them.

      1 error
      "
    `);
  });
});
