import { userInfo } from "node:os";

/**
 * Who is at the terminal, as the system calls them: for what is recorded of a person's decisions. The environment goes
 * first; services and containers leave it empty, and the system knows the account nevertheless.
 */
export function personOf(
  environment: Readonly<Record<string, string | undefined>>,
  accountName: () => string = () => userInfo().username,
): string {
  const names = [environment.USER, environment.LOGNAME, environment.USERNAME];
  return names.find((name) => (name ?? "") !== "") ?? nameOfAccount(accountName);
}

function nameOfAccount(accountName: () => string): string {
  try {
    return accountName() || "somebody";
  } catch {
    return "somebody"; // a user id without an entry in the list of accounts, as containers have it
  }
}
