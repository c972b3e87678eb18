import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inFolder } from "../test/real-processes.js";
import { parseTurnMarker, stateFolderMark, turnMarker } from "./turn-marker.js";

test("a marker tells the run, the claim, the turn and the state folder", () => {
  const marker = turnMarker({ runId: "run-1", epoch: 2, turn: "PLAN.3", stateFolder: "/nowhere/.troupe" });
  expect(marker).toMatch(/^run-1\/2\/PLAN\.3\/[0-9a-f]{12}$/);
  const state = stateFolderMark("/nowhere/.troupe");
  expect(parseTurnMarker(marker)).toEqual({ runId: "run-1", epoch: 2, turn: "PLAN.3", state });
  expect(parseTurnMarker("run-1/2/PLAN.3")).toEqual({ runId: "run-1", epoch: 2, turn: "PLAN.3", state: null });
});

test.each(["", "run-1", "run-1/2", "run-1//PLAN.3", "/1/PLAN.3", "run-1/x/PLAN.3", "run-1/1/", "r/1/P.1/s/more"])(
  "%j is no marker",
  (marker) => {
    expect(parseTurnMarker(marker)).toBe(null);
  },
);

test("state folders are told apart by where they really are, however one gets there", async () => {
  await inFolder(async (folder) => {
    for (const name of ["one", "two"]) await mkdir(join(folder, name));
    await symlink(join(folder, "one"), join(folder, "link"));
    expect(stateFolderMark(join(folder, "link"))).toBe(stateFolderMark(join(folder, "one")));
    expect(stateFolderMark(join(folder, "two", "..", "one"))).toBe(stateFolderMark(join(folder, "one")));
    expect(stateFolderMark(join(folder, "two"))).not.toBe(stateFolderMark(join(folder, "one")));
  });
});
