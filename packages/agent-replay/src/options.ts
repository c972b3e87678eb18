import type { OptionsSchema, SchemaIssue } from "@troupe/core";

/** What `troupe.yaml` may say of this agent. */
export interface ReplayAgentOptions {
  /** The cassette; a relative path starts at the project's folder. */
  readonly file: string;
}

/** The schema of {@link ReplayAgentOptions}. */
export const replayAgentOptions: OptionsSchema<ReplayAgentOptions> = {
  "~standard": {
    version: 1,
    vendor: "troupe",
    validate: (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return { issues: [{ message: "must be a map with a file" }] };
      }
      const issues: SchemaIssue[] = Object.keys(value).flatMap((key) =>
        key === "file" ? [] : [{ message: "is not known; known: file", path: [key] }],
      );
      const file = "file" in value ? value.file : undefined;
      if (typeof file === "string" && file !== "" && !file.includes("\0")) {
        return issues.length > 0 ? { issues } : { value: { file } };
      }
      return { issues: [...issues, { message: "must be the path of a cassette", path: ["file"] }] };
    },
  },
};
