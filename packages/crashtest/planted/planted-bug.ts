/** A defect that somebody could put into the source by mistake, and the tests that must notice. */
export interface PlantedBug {
  /** What is wrong. */
  readonly name: string;
  /** Path below `packages`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files, below `packages`; at least one test of them must fail. */
  readonly foundBy: readonly string[];
  /** Its effect reaches the tests of others, so nothing runs beside it. */
  readonly alone?: true;
}
