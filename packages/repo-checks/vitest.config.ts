import { defineProject, mergeConfig } from "vitest/config";
import shared from "../../vitest.shared.js";

// The compiler reads whole packages, which takes seconds on a busy machine.
export default mergeConfig(shared, defineProject({ test: { name: "repo-checks" } }));
