import type { ProjectTestCommand } from "@troupe/config";
import type { AgentAccess } from "@troupe/core";
import type { KnownReport } from "../plugins/agent-survey.js";
import { quoteWord } from "../print/quote-word.js";

/** What `init` writes into the project file. */
export interface Setup {
  /** What `agents:` takes. */
  readonly agent: string;
  /** It is there; of one that is not, the file says what it would be. */
  readonly isInstalled: boolean;
  /** null = the default. */
  readonly access: AgentAccess | null;
  /** A line for the shell; null = none is known. */
  readonly check: string | null;
  /** Where the check was found; null = a person named it. */
  readonly checkSource: string | null;
}

/** Written where nothing is installed: the first of those that are known. */
const FALLBACK_AGENT = "claude";

/** What is chosen where nobody is asked: the first installed agent that is logged in, as far as it says. */
export function proposeSetup(known: readonly KnownReport[], test: ProjectTestCommand | null): Setup {
  const [best] = installedFirst(known);
  return {
    agent: best?.name ?? FALLBACK_AGENT,
    isInstalled: best !== undefined,
    access: null,
    check: test === null ? null : shellLine(test),
    checkSource: test?.source ?? null,
  };
}

/** The installed agents, those that are known to be logged in before the others, those that are not last. */
export function installedFirst(known: readonly KnownReport[]): readonly KnownReport[] {
  const rank = { in: 0, unknown: 1, out: 2 } as const;
  return known.filter(({ installed }) => installed).toSorted((a, b) => rank[a.login] - rank[b.login]);
}

function shellLine({ command }: ProjectTestCommand): string {
  return "argv" in command ? command.argv.map(quoteWord).join(" ") : command.shell;
}
