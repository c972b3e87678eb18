import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { expect, test } from "vitest";
import { hostile, PAYLOADS } from "../test/hostile-run.js";
import { RUNS } from "../test/runs.js";
import { createReport, renderJunit } from "./index.js";

/** What the schemas of Jenkins (junit-10) and Ant (windyroad) both allow: attributes and children, in their order. */
const SCHEMA: Readonly<Record<string, { readonly attributes: readonly string[]; readonly children: RegExp }>> = {
  testsuites: { attributes: [], children: /^(testsuite )*$/ },
  testsuite: {
    attributes: ["id", "name", "package", "tests", "failures", "errors", "skipped", "timestamp", "hostname", "time"],
    children: /^properties (testcase )*system-out system-err $/,
  },
  properties: { attributes: [], children: /^(property )*$/ },
  property: { attributes: ["name", "value"], children: /^$/ },
  testcase: { attributes: ["name", "classname", "time"], children: /^((skipped|error|failure) )?$/ },
  skipped: { attributes: ["message"], children: /^$/ },
  error: { attributes: ["message", "type"], children: /^$/ },
  failure: { attributes: ["message", "type"], children: /^$/ },
  "system-out": { attributes: [], children: /^$/ },
  "system-err": { attributes: [], children: /^$/ },
};

function childrenOf(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => child instanceof XmlElement);
}

function check(element: XmlElement): void {
  const rule = SCHEMA[element.name];
  expect(Object.keys(element.attributes)).toEqual(rule?.attributes);
  expect(
    childrenOf(element)
      .map(({ name }) => `${name} `)
      .join(""),
  ).toMatch(rule?.children ?? /never^/);
  for (const [name, value] of Object.entries(element.attributes)) {
    if (name === "time") expect(value).toMatch(/^\d+\.\d{3}$/);
    if (name === "timestamp") expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    if (["name", "classname", "package", "hostname"].includes(name)) expect(value).toMatch(/^\S+( \S+)*$/); // xs:token
  }
  if (element.name === "testsuite") {
    const cases = childrenOf(element).filter(({ name }) => name === "testcase");
    const count = (kind: string): string => String(cases.filter((one) => childrenOf(one)[0]?.name === kind).length);
    const { tests, failures, errors, skipped } = element.attributes;
    expect([tests, failures, errors, skipped]).toEqual([
      String(cases.length),
      count("failure"),
      count("error"),
      count("skipped"),
    ]);
  }
  for (const child of childrenOf(element)) check(child);
}

function rootOf(make: (typeof RUNS)[string]): XmlElement {
  const run = make();
  const { root } = parseXml(renderJunit(createReport(run.entries, { now: run.now, holder: null })));
  if (root === null) throw new Error("no root element");
  return root;
}

test.each(Object.entries(RUNS))("the report on %s is valid, and passes only if the run has succeeded", (_, make) => {
  const root = rootOf(make);
  check(root);
  const [run, ...stages] = childrenOf(root);
  const isGood = run?.attributes.failures === "0" && run.attributes.errors === "0";
  expect(isGood).toBe(make().state.status === "succeeded");
  expect(stages.map(({ attributes }) => attributes.name)).toEqual([...make().state.stages.keys()]);
});

test.each(PAYLOADS)("foreign text stays text: %j", (payload) => {
  const root = rootOf(() => hostile(payload));
  check(root);
  const names = (element: XmlElement): readonly string[] => [element.name, ...childrenOf(element).flatMap(names)];
  expect(names(root)).toEqual(names(rootOf(() => hostile("harmless"))));
});
