/**
 * One clause of a contract, as plain data: run it under any test runner by giving it a fresh subject.
 * `run` resolves when the clause holds and rejects (with an `AssertionError` of `node:assert`) when it does not.
 */
export interface ConformanceCase<Subject> {
  /** What must be true, as a sentence; unique within its kit. */
  readonly name: string;
  /** What it checks: a member of an interface, a colon, and the words of its documentation in `@troupe/core`. */
  readonly rule: string;
  readonly run: (subject: Subject) => Promise<void>;
  /**
   * Why this case cannot run on the subject it was built for; absent when it can. A runner shows it: a case is never
   * left out silently, and `run` of a skipped case rejects.
   */
  readonly skip?: string;
}
