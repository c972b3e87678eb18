/** Where one agent works during a trial. */
export interface Place {
  /** Of the scripted service, without a slash at its end. */
  readonly llm: string;
  /** A folder of its own, instead of the person's; `HOME` of everything that a trial starts. */
  readonly home: string;
  /** Absolute path of an installed program. */
  readonly bin: (name: string) => string;
}

/** A way to install programs into a folder, with the packages and their versions. */
export type Source = { readonly npm: readonly string[] } | { readonly pip: readonly string[] };

/** An agent and how it is pointed at the scripted service. */
export interface TriedAgent {
  readonly name: string;
  /** The plugin and its options, as `troupe.yaml` has them. */
  readonly configure: (place: Place) => readonly [string, object];
  /** Files in its home, by their paths. */
  readonly files?: (place: Place) => Readonly<Record<string, string>>;
  /** How a reviewer of this kind is to give its verdict. */
  readonly verdict: "tool" | "text";
}

/** One that has to be installed. */
export interface RealAgent extends TriedAgent {
  readonly source: Source;
}
