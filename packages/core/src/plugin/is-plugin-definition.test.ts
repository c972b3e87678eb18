import { expect, test } from "vitest";
import { isPluginDefinition } from "./is-plugin-definition.js";

const schema = { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) };
const whole = { kind: "store", name: "x", apiVersion: 1, options: { "~standard": schema }, create: () => ({}) };

test("a plugin has kind, name, version, a schema of its options, and what makes it", () => {
  expect(isPluginDefinition(whole)).toBe(true);
  const less = Object.keys(whole).map((key) => ({ ...whole, [key]: undefined }));
  expect(less.filter(isPluginDefinition)).toEqual([]);
  const odd = [null, undefined, "store", { ...whole, options: {} }, { ...whole, options: { "~standard": {} } }];
  expect(odd.filter(isPluginDefinition)).toEqual([]);
});

test("a schema may be a function with properties, as some libraries make them", () => {
  const options = Object.assign((value: unknown) => value, { "~standard": schema });
  expect(isPluginDefinition({ ...whole, options })).toBe(true);
});
