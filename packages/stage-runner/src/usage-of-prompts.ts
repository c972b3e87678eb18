import type { TurnUsage, Usage } from "@troupe/core";

type Part = NonNullable<TurnUsage["partial"]>[number];

const FIELDS: Readonly<Record<Part, readonly (keyof Usage)[]>> = {
  tokens: ["inputTokens", "outputTokens"],
  cost: ["costUsd"],
};
const PARTS: readonly Part[] = ["tokens", "cost"];

/** The sum of what is known, and of what it is not all. Null = nothing is known. */
export function addPrompts(one: TurnUsage | null, other: TurnUsage | null): TurnUsage | null {
  if (one === null && other === null) return null;
  const told = (usage: TurnUsage | null, field: keyof Usage): number | null => usage?.[field] ?? null;
  const sum = (field: keyof Usage): number | null => {
    const [first, second] = [told(one, field), told(other, field)];
    return first === null || second === null ? (first ?? second) : first + second;
  };
  const isPartial = (part: Part): boolean =>
    [one, other].some((usage) => usage?.partial?.includes(part)) ||
    FIELDS[part].some((field) => (told(one, field) === null) !== (told(other, field) === null));
  return withPartial(
    { inputTokens: sum("inputTokens"), outputTokens: sum("outputTokens"), costUsd: sum("costUsd") },
    PARTS.filter(isPartial),
  );
}

/** What was noted of a turn; null = nothing that can be read. */
export function parseTurnUsage(value: unknown): TurnUsage | null {
  if (typeof value !== "object" || value === null) return null;
  const { inputTokens, outputTokens, costUsd, partial } = value as Readonly<Record<string, unknown>>;
  const count = (field: unknown): number | null => (typeof field === "number" ? field : null);
  return withPartial(
    { inputTokens: count(inputTokens), outputTokens: count(outputTokens), costUsd: count(costUsd) },
    PARTS.filter((part) => Array.isArray(partial) && partial.includes(part)),
  );
}

function withPartial(usage: Usage, partial: readonly Part[]): TurnUsage {
  return partial.length === 0 ? usage : { ...usage, partial };
}
