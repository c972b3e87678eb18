export function compileAtOnce(code: string, ran: ReadonlySet<string>): string;
