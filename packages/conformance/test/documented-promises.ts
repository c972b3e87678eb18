import { readFile } from "node:fs/promises";

/** The interfaces whose documentation makes promises to the engine. */
const FILES = ["store", "executor", "agent", "reporter"];

/** What the documentation of the interfaces says, as running text. */
export async function readDocumentation(): Promise<string> {
  const texts = await Promise.all(
    FILES.map((file) => readFile(new URL(`../../core/src/plugin/${file}.ts`, import.meta.url), "utf8")),
  );
  return texts.map((text) => text.replace(/^\s*(\/\*\*|\*\/|\*(?!\/)|\/\/)/gm, " ").replace(/\s+/g, " ")).join(" ");
}

/** Each clause of the comments: what stands between full stops and semicolons. */
export async function readClauses(): Promise<readonly string[]> {
  const texts = await Promise.all(
    FILES.map((file) => readFile(new URL(`../../core/src/plugin/${file}.ts`, import.meta.url), "utf8")),
  );
  const comments = texts.flatMap((text) => [...text.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, inner = ""]) => inner));
  return comments.flatMap((comment) =>
    comment
      .replace(/^\s*\*/gm, " ")
      .replace(/\s+/g, " ")
      .split(/(?<=[.;])\s/)
      .map((clause) => clause.trim().replace(/[.;]$/, ""))
      .filter((clause) => clause !== ""),
  );
}
