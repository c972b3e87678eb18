import { ID_PATTERN } from "@troupe/core";

/** Names of environment variables, and of agents: they are checked on the keys, so that each has its place. */
export const VARIABLE_PATTERN: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;
export const AGENT_PATTERN: RegExp = ID_PATTERN;
