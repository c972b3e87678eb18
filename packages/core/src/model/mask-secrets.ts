import { at0, buildAutomaton } from "./mask-secrets-automaton.js";
import { secretForms } from "./mask-secrets-forms.js";
import { createMaskStream, type MaskStream } from "./mask-secrets-stream.js";

/** A value that must not be written anywhere. */
export interface Secret {
  /** Stands in the place of the value: `[secret NAME]`. */
  readonly name: string;
  readonly value: string;
}

/** Replaces the values of secrets, in every spelling they are looked for in, by `[secret NAME]`. */
export interface SecretMasker {
  /** The text without values of secrets; the very same text when there are none. Masking twice changes nothing. */
  mask(text: string): string;
  /** For bytes that come in pieces; one for each source, ended when the source has ended. */
  createStream(): MaskStream;
  /** Names of the secrets whose values are in a text, each once. */
  find(text: string): readonly string[];
}

/** Shorter values would be found in every text, and masking them would destroy it. In characters. */
export const MIN_SECRET_CHARACTERS = 6;

/**
 * Makes the masker of some secrets. Values shorter than {@link MIN_SECRET_CHARACTERS} are left out: whoever declares
 * secrets refuses them. Linear in the length of what is masked, whatever the number of secrets.
 */
export function createSecretMasker(secrets: readonly Secret[]): SecretMasker {
  const usable = secrets.filter(({ value }) => value.length >= MIN_SECRET_CHARACTERS);
  if (usable.length === 0) return NO_SECRETS;
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const forms = usable.map(({ value }) => secretForms(value));
  const patterns = forms.flatMap((some, secret) => some.map((form) => ({ bytes: encoder.encode(form), secret })));
  const automaton = buildAutomaton(patterns);
  const labels = labelsOf(usable);
  const maskBytes = (bytes: Uint8Array, shown: readonly string[]): Uint8Array => {
    const stream = createMaskStream(automaton, shown);
    const first = stream.push(bytes);
    const rest = stream.end();
    if (rest.length === 0) return first;
    const whole = new Uint8Array(first.length + rest.length);
    whole.set(first);
    whole.set(rest, first.length);
    return whole;
  };
  const has = (bytes: Uint8Array): boolean => {
    const { classes, classCount, next, matched } = automaton;
    let state = 0;
    for (const byte of bytes) {
      state = at0(next, state * classCount + at0(classes, byte));
      if (at0(matched, state) > 0) return true;
    }
    return false;
  };
  return {
    mask(text) {
      const bytes = encoder.encode(text);
      return has(bytes) ? decoder.decode(maskBytes(bytes, labels)) : text;
    },
    createStream: () => createMaskStream(automaton, labels),
    find(text) {
      const found = usable.filter((_, secret) => forms[secret]?.some((form) => text.includes(form)) === true);
      return [...new Set(found.map(({ name }) => name))];
    },
  };
}

/** A value that is part of a label would be found in what has been masked already: then all labels are bare. */
function labelsOf(secrets: readonly Secret[]): readonly string[] {
  const labels = secrets.map(({ name }) => `[secret ${name}]`);
  const isUnsafe = secrets.some(({ value }) => {
    const lines = value.split(/\r?\n/u).map((line) => line.trim());
    return [value, ...lines].some((part) => part !== "" && labels.some((label) => label.includes(part)));
  });
  return isUnsafe ? labels.map(() => "***") : labels;
}

/** Masks nothing. */
export const NO_SECRETS: SecretMasker = {
  mask: (text) => text,
  createStream: () => ({ push: (chunk) => chunk, end: () => new Uint8Array(0) }),
  find: () => [],
};
