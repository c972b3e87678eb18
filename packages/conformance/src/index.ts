export { type AgentSubject, agentCases } from "./agent-cases.js";
export type { AgentModule, CasePlace, ExecutorModule, ReporterModule, Skips, StoreModule } from "./command/subjects.js";
export type { ConformanceCase } from "./conformance-case.js";
export { executorCases } from "./executor-cases.js";
export type { ExecutorSubject } from "./executor-subject.js";
export { type ReporterSubject, reporterCases } from "./reporter-cases.js";
export { storeCases } from "./store-cases.js";
export type { StoreAbility, StoreLacks, StoreSubject } from "./store-subject.js";
