import type { PlantedBug } from "./planted-bug.js";

/** Rules of the engine, of the executor and of takeovers, each once broken. */
export const ENGINE_BUGS: readonly PlantedBug[] = [
  {
    name: "a lease is judged by the pid alone",
    file: "core/src/engine/process-identity.ts",
    find: "return stat.startTime === owner.startTime && !",
    replace: "return !",
    foundBy: ["store-fs/src/leases.test.ts"],
  },
  {
    name: "an earlier boot counts as the same",
    file: "core/src/engine/process-identity.ts",
    find: 'return isEarlierBoot ? "dead" : "unknown";',
    replace: 'return "unknown";',
    foundBy: ["store-fs/src/leases.test.ts"],
  },
  {
    name: "the epoch of a claim is not compared",
    file: "core/src/engine/journal.ts",
    find: '    if (this.#state.epoch !== this.#epoch) throw claimedByOther(this.#state, "CLAIM_LOST");\n',
    replace: "",
    foundBy: ["core/src/engine/crash-safety.test.ts"],
  },
  {
    name: "two claims may have the same epoch",
    file: "core/src/engine/journal.ts",
    find: '      if (this.#state.epoch >= epoch) throw claimedByOther(this.#state, "RUN_LOCKED");\n',
    replace: "",
    foundBy: ["core/src/engine/execute-run.test.ts", "core/src/engine/crash-safety.test.ts"],
  },
  {
    name: "reduce does not compare epochs",
    file: "core/src/state/reduce.ts",
    find: "  if (event.epoch !== state.epoch + 1) throw misfit(event",
    replace: "  if (event.epoch < 0) throw misfit(event",
    foundBy: ["core/src/state/reduce.test.ts"],
  },
  {
    name: "a completion is reported before the append",
    file: "core/src/engine/journal.ts",
    find: "      if (events.length === 0) return this.#decision([], at);\n",
    replace:
      '      if (events.length === 0) return this.#decision([], at);\n      this.announcer.entry({ id: "", at, events, summary: summaryOf(this.#state), seq: this.#seq + 1 }, this.#state);\n',
    foundBy: ["core/src/engine/crash-safety.test.ts"],
  },
  {
    name: "an append that found no space gets another id",
    file: "core/src/engine/journal.ts",
    find: "await this.#engine.store.append(this.#runId, this.#seq, entry);",
    replace: "await this.#engine.store.append(this.#runId, this.#seq, { ...entry, id: this.#engine.randomHex(12) });",
    foundBy: ["core/src/engine/full-store.test.ts"],
  },
  {
    name: "what was decided before a conflict is kept",
    file: "core/src/engine/journal.ts",
    find: "      await this.#reload();\n      this.#refuseNewerClaim();",
    replace: "      this.#seq = (await loadRun(this.#engine.store, this.#runId)).seq;",
    foundBy: ["core/src/engine/crash-safety.test.ts"],
  },
  {
    name: "facts are written when all turns have ended only",
    file: "core/src/engine/flights.ts",
    find: "    return this.take();\n",
    replace: "    await Promise.all([...this.#flights.values()].map(({ done }) => done));\n    return this.take();\n",
    foundBy: ["core/src/engine/execute-run.test.ts"],
  },
  {
    name: "something starts while turns of a dead holder are looked for",
    file: "core/src/state/decide.ts",
    find: " || state.inherited.size > 0",
    replace: "",
    foundBy: ["core/src/engine/crash-safety.test.ts"],
  },
  {
    name: "a turn that is not in flight may settle",
    file: "core/src/state/reduce-turn.ts",
    find: "  const record = recordOf(state, event, stageOfTurn(event.turn));\n  const turn = record.inFlight.find((flight) => flight.turn === event.turn);\n",
    replace:
      "  const record = recordOf(state, event, stageOfTurn(event.turn));\n  const turn = record.inFlight.find((flight) => flight.turn === event.turn);\n  if (turn === undefined) return;\n",
    foundBy: ["core/src/state/reduce.test.ts"],
  },
  {
    name: "an aborted turn gives its slot back while its runner works",
    file: "executor-parallel/src/parallel-stage-executor.ts",
    find: "      await settled;\n",
    replace:
      '      await Promise.race([settled, new Promise((resolve) => signal.addEventListener("abort", resolve))]);\n',
    foundBy: ["executor-parallel/src/parallel-stage-executor-abort.test.ts"],
  },
  {
    name: "p-queue is given the signal",
    file: "executor-parallel/src/parallel-stage-executor.ts",
    find: "    if (limit === null) void this.#all.add(start);",
    replace: "    if (limit === null) void this.#all.add(start, { signal }).catch(() => {});",
    foundBy: ["executor-parallel/src/parallel-stage-executor-abort.test.ts"],
  },
  {
    name: "p-queue is given a timeout",
    file: "executor-parallel/src/parallel-stage-executor.ts",
    find: "    if (limit === null) void this.#all.add(start);",
    replace: "    if (limit === null) void this.#all.add(start, { timeout: 1 }).catch(() => {});",
    foundBy: [
      "executor-parallel/src/parallel-stage-executor-abort.test.ts",
      "executor-parallel/src/conformance.test.ts",
    ],
  },
  {
    name: "a takeover ends nothing",
    file: "stage-runner/src/end-abandoned.ts",
    find: "  await endNotedProcesses(folders.run, task.turn);\n  await endMarked(task, host);\n",
    replace: "",
    foundBy: ["stage-runner/src/end-abandoned.test.ts"],
  },
  {
    name: "a takeover does not look for processes that nobody noted",
    file: "stage-runner/src/end-abandoned.ts",
    find: "  await endMarked(task, host);\n",
    replace: "",
    foundBy: ["stage-runner/src/end-abandoned.test.ts"],
  },
  {
    name: "a takeover ends the same turn of another project",
    file: "stage-runner/src/end-abandoned.ts",
    find: " && marked.state === state;",
    replace: ";",
    foundBy: ["stage-runner/src/end-abandoned.test.ts"],
    alone: true, // it ends what the same test has started for another bug
  },
  {
    name: "a takeover does not end the noted processes",
    file: "stage-runner/src/end-abandoned.ts",
    find: "  await endNotedProcesses(folders.run, task.turn);\n",
    replace: "",
    foundBy: ["stage-runner/src/end-abandoned.test.ts"],
  },
];
