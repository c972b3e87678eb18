import type { RunEvent } from "../model/events.js";
import type { RunOutcome } from "../model/status.js";
import type { Flights } from "./flights.js";
import type { Journal } from "./journal.js";

/**
 * Runs until the run has an outcome: what happened goes into the journal, what follows comes out of it. Whoever wants
 * an `if` in here wants it in `decide`.
 */
export async function runLoop(journal: Journal, flights: Flights): Promise<RunOutcome> {
  let facts: readonly RunEvent[] = flights.take(); // what happened; never what follows from it
  for (;;) {
    const { launch, abort, until, outcome } = await journal.commit(facts);
    if (outcome !== null) return outcome;
    flights.abort(abort);
    flights.launch(launch);
    facts = await flights.next(until, () => journal.now());
  }
}
