import { createHash } from "node:crypto";
import { type HookDefinition, sanitizeLine } from "@troupe/core";

/** A hook with what it is known by. */
export type Hook = HookDefinition & {
  /** The same as long as its entry in the file stays the same, wherever it stands there. */
  readonly id: string;
};

/** What can wait is kept until it has arrived; nobody wants to hear a bell of yesterday. */
export function isLasting({ kind }: Pick<HookDefinition, "kind">): boolean {
  return kind !== "bell" && kind !== "desktop";
}

/** Hooks that say the same are one. */
export function toHooks(definitions: readonly HookDefinition[]): readonly Hook[] {
  const hooks = definitions.map((definition) => ({ ...definition, id: idOf(definition) }));
  return [...new Map(hooks.map((hook) => [hook.id, hook])).values()];
}

/** Names of variables are in it, their values are not. */
function idOf({ timeoutMs, ...rest }: HookDefinition): string {
  const hash = createHash("sha256").update(JSON.stringify(rest)).digest("hex");
  return `${rest.kind}-${hash.slice(0, 8)}`;
}

/** The hook as a person would call it; nothing of a secret is in it. */
export function describeHook(hook: HookDefinition): string {
  switch (hook.kind) {
    case "command": {
      const { command } = hook;
      const [word = ""] = "shell" in command ? command.shell.trim().split(/\s+/u) : command.argv;
      return `command ${sanitizeLine(word)}`;
    }
    case "webhook":
      return typeof hook.url === "string" ? `webhook ${hostOf(hook.url)}` : `webhook ${hook.url.from}`;
    case "slack":
      return `slack ${hook.url.from}`;
    case "telegram":
      return `telegram ${hook.token.from}`;
    case "desktop":
    case "bell":
      return hook.kind;
  }
}

/** Path and query may hold a token. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "(no address)";
}

/** Every variable or secret whose value the hook needs. */
export function namesOf(hook: HookDefinition): readonly string[] {
  switch (hook.kind) {
    case "webhook":
      return [hook.url, ...Object.values(hook.headers)].flatMap((given) =>
        typeof given === "string" ? [] : [given.from],
      );
    case "slack":
      return [hook.url.from];
    case "telegram":
      return [hook.token.from, ...(typeof hook.chat === "string" ? [] : [hook.chat.from])];
    default:
      return [];
  }
}
