/** Who is at the terminal, as the system calls them: for what is recorded of a person's decisions. */
export function personOf(environment: Readonly<Record<string, string | undefined>>): string {
  const names = [environment.USER, environment.LOGNAME, environment.USERNAME];
  return names.find((name) => (name ?? "") !== "") ?? "somebody";
}
