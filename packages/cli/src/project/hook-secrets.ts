import type { HookDefinition, NamedValue } from "@troupe/core";

/** Names of the environment variables and secrets whose values a hook needs. */
export function namesOf(hook: HookDefinition): readonly string[] {
  const given = givenOf(hook);
  return given.flatMap((one) => (typeof one === "string" ? [] : [one.from]));
}

/** Those of them that open a door: they are masked like declared secrets. The number of a chat is none. */
export function secretNamesOf(hook: HookDefinition): readonly string[] {
  return hook.kind === "telegram" ? [hook.token.from] : namesOf(hook);
}

function givenOf(hook: HookDefinition): readonly (string | NamedValue)[] {
  switch (hook.kind) {
    case "webhook":
      return [hook.url, ...Object.values(hook.headers)];
    case "slack":
      return [hook.url];
    case "telegram":
      return [hook.token, hook.chat];
    default:
      return [];
  }
}
