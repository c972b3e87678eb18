import type { PackageSource } from "./install.js";
import type { NodeVersion } from "./node-versions.js";

/** A user of some packages: what they install, what they write, and the proof that it works. */
export interface Consumer {
  /** Its folder in `projects/`. */
  readonly name: string;
  readonly title: string;
  /** Below its folder, where packages are installed and the project lies. */
  readonly project: string;
  /** As a user would type them. */
  readonly packages: readonly string[];
  /** Packages that the user wrote and installs beside ours, by their names. */
  readonly own?: readonly string[];
  /** Files to compile, from the consumer's folder. */
  readonly sources: readonly string[];
  /** What has to be there before the packages are installed; the sources are compiled right after it, else after them. */
  prepare?(folder: string, source: PackageSource): Promise<void>;
  /** Uses what was installed; gives what it saw, one line each. Rejects when something is not as it should be. */
  prove(project: string, node: NodeVersion): Promise<readonly string[]>;
}
