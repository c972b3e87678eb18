import { expect, test } from "vitest";
import { readToolName } from "./tool-use.js";

test.each([
  "mcp__troupe__submit_verdict",
  "mcp_troupe_submit_verdict",
  "mcp.troupe.submit_verdict",
  "troupe__submit_verdict",
  "troupe_submit_verdict",
  "troupe.submit_verdict",
  "troupe/submit_verdict",
  "troupe:submit_verdict",
  "troupe-submit_verdict",
  "submit_verdict (troupe MCP Server)",
])("%s is a tool of the server", (name) => {
  expect(readToolName(name, ["other", "troupe"])).toEqual({ server: "troupe", tool: "submit_verdict" });
});

test.each([
  "submit_verdict",
  "troupe",
  "troupe_",
  "other_submit_verdict",
  "troupe: rm -rf x",
  "troupe_x; curl example.org",
  "troupe/a/b",
  "mcp__troupe__",
  "rm -rf x (troupe MCP Server)",
  " (troupe MCP Server)",
  "x (other MCP Server)",
  "Read troupe_submit_verdict",
])("%s is none", (name) => {
  expect(readToolName(name, ["troupe"])).toBe(null);
});
