/** Something to choose. All texts are on one line and safe to show. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint: string | null;
}

/** Asks a person at the terminal. Each answer is null when the person leaves instead. */
export interface Asking {
  /** The first choice is the one that Enter takes. */
  choose(question: string, choices: readonly Choice[]): Promise<string | null>;
  /** Enter takes `proposal`; an emptied line is an answer too. */
  type(question: string, proposal: string): Promise<string | null>;
}

/** Numbered lines, for screen readers and terminals that cannot redraw. `ask` gives a line. */
export function askByLines(ask: (question: string) => Promise<string>): Asking {
  return {
    async choose(question, choices) {
      const shown = choices.map(({ label, hint }, n) => `  ${n + 1}. ${label}${hint === null ? "" : ` (${hint})`}\n`);
      for (;;) {
        const answer = (await ask(`${question}\n${shown.join("")}Number, or Enter for 1: `)).trim();
        const chosen = answer === "" ? choices[0] : choices[Number(answer) - 1];
        if (chosen !== undefined) return chosen.value;
      }
    },
    async type(question, proposal) {
      const answer = (await ask(`${question}${proposal === "" ? "" : ` [${proposal}; - for none]`} `)).trim();
      return answer === "-" ? "" : answer === "" ? proposal : answer;
    },
  };
}
