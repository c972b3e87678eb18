import { PLUGIN_API } from "@troupe/core";
import { expect, test } from "vitest";
import plugin from "./index.js";

test("is a plugin of the kind runner without options", async () => {
  expect(plugin).toMatchObject({ kind: "runner", name: "stage-runner", apiVersion: PLUGIN_API.runner });
  const { validate } = plugin.options["~standard"];
  expect([undefined, null, {}].map(validate)).toEqual([{ value: {} }, { value: {} }, { value: {} }]);
  expect(await validate({ speed: 1 })).toEqual({
    issues: [{ message: 'unknown option "speed": there are none', path: ["speed"] }],
  });
  expect([7, []].map(validate)).toEqual([
    { issues: [{ message: "must be an object" }] },
    { issues: [{ message: "must be an object" }] },
  ]);
});
