// What an agent sends, read with care: what is missing or of another form than the protocol says counts as not given.

type Fields = Readonly<Record<string, unknown>>;

export interface AuthMethod {
  readonly name: string;
  readonly description: string | null;
}

export interface AgentProfile {
  readonly version: string | null;
  readonly authMethods: readonly AuthMethod[];
  readonly canResume: boolean;
  readonly canLoad: boolean;
  readonly takesHttpTools: boolean;
}

export interface ConfigOption {
  readonly id: string;
  readonly category: string | null;
  /** Of a choice; null = on or off. */
  readonly values: readonly Choice[] | null;
}

export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface SessionOffer {
  /** null = not told: the one that was asked for. */
  readonly id: string | null;
  readonly modes: readonly Choice[];
  readonly options: readonly ConfigOption[];
  /** Of agents that do not offer models as an option yet. */
  readonly models: readonly Choice[];
}

export interface PromptEnd {
  readonly stopReason: string;
  readonly tokens: { readonly input: number; readonly output: number } | null;
}

export function readProfile(value: unknown): AgentProfile {
  const fields = recordOf(value);
  const capabilities = recordOf(fields.agentCapabilities);
  return {
    version: textOf(recordOf(fields.agentInfo).version),
    authMethods: listOf(fields.authMethods).map((method) => ({
      name: textOf(method.name) ?? textOf(method.id) ?? "an unnamed way",
      description: textOf(method.description),
    })),
    canResume: isRecord(recordOf(capabilities.sessionCapabilities).resume),
    canLoad: capabilities.loadSession === true,
    takesHttpTools: recordOf(capabilities.mcpCapabilities).http === true,
  };
}

export function readSession(value: unknown): SessionOffer {
  const fields = recordOf(value);
  return {
    id: textOf(fields.sessionId),
    modes: readChoices(recordOf(fields.modes).availableModes, "id"),
    options: readOptions(fields.configOptions),
    models: readChoices(recordOf(fields.models).availableModels, "modelId"),
  };
}

function readOptions(value: unknown): readonly ConfigOption[] {
  return listOf(value).flatMap((option): readonly ConfigOption[] => {
    const id = textOf(option.id);
    if (id === null) return [];
    const category = textOf(option.category);
    if (option.type === "boolean") return [{ id, category, values: null }];
    // choices may be in groups
    const entries = listOf(option.options).flatMap((entry): readonly Fields[] =>
      "options" in entry ? listOf(entry.options) : [entry],
    );
    return [{ id, category, values: readChoices(entries, "value") }];
  });
}

function readChoices(value: unknown, key: string): readonly Choice[] {
  return listOf(value).flatMap((entry) => {
    const id = textOf(entry[key]);
    return id === null ? [] : [{ id, name: textOf(entry.name) ?? id }];
  });
}

export function readPromptEnd(value: unknown): PromptEnd {
  const fields = recordOf(value);
  const { inputTokens, outputTokens } = recordOf(fields.usage);
  const isTold = isCount(inputTokens) && isCount(outputTokens);
  return {
    stopReason: textOf(fields.stopReason) ?? "none",
    tokens: isTold ? { input: inputTokens, output: outputTokens } : null,
  };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** null = none, or an empty one. */
export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
