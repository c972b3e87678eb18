import { LedgerError, parseLedger } from "./ledger.js";
import { reportLines } from "./report.js";

const USAGE = `Usage:
  tally report FILE   what each person has paid
`;

const COMMANDS = new Map([["report", reportLines]]);

/** Performs one command and returns the exit code: 0 done, 1 the ledger cannot be used, 2 the command line is wrong. */
export function main(args, { read, out, err }) {
  const [name, file, ...rest] = args;
  const command = COMMANDS.get(name);
  if (command === undefined || file === undefined || rest.length > 0) {
    err(USAGE);
    return 2;
  }
  try {
    const lines = command(parseLedger(read(file)));
    out(`${lines.join("\n")}\n`);
    return 0;
  } catch (error) {
    err(`${describe(error, file)}\n`);
    return 1;
  }
}

function describe(error, file) {
  if (error instanceof LedgerError) return `${file}:${error.line}: ${error.message}`;
  if (error.syscall !== undefined) return `${file} cannot be read: ${error.code}`;
  throw error; // a mistake of this program, not of the ledger
}
