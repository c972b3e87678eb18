import { expect, test } from "vitest";
import { readClauses, readDocumentation } from "../test/documented-promises.js";
import { WITHOUT_CASE } from "../test/promises-without-case.js";
import { agentCases } from "./agent-cases.js";
import { executorCases } from "./executor-cases.js";
import { reporterCases } from "./reporter-cases.js";
import { storeCases } from "./store-cases.js";

const cases = [...storeCases(), ...executorCases, ...agentCases, ...reporterCases];

/** The words of a rule, without the member that it belongs to. */
const quotes = [...new Set(cases.map(({ rule }) => rule.slice(rule.indexOf(": ") + 2)))];

test("every case names a rule in the words of the interface's documentation", async () => {
  const documentation = await readDocumentation();
  expect(quotes.filter((quote) => !documentation.includes(quote))).toEqual([]);
});

test("every promise of the documentation has a case, or a reason why none can see it", async () => {
  const clauses = await readClauses();
  const isQuoted = (clause: string): boolean =>
    quotes.some((quote) => clause.includes(quote.replace(/[.]$/, "")) || quote.includes(clause));
  expect(new Set(clauses.filter((clause) => !isQuoted(clause)))).toEqual(new Set(Object.keys(WITHOUT_CASE)));
});
