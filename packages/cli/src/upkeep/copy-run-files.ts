import { constants } from "node:fs";
import { copyFile, lstat, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Copies the files that a person may read from one run's folder to another's: the newest artifacts, those of each turn
 * (`turns`: how many of each stage count) and the failure reports. Follows no link; resolves with the names, below the
 * folder, of what is neither a file nor a folder. They are copies of what the store has, so none is synced.
 */
export async function copyRunFiles(
  from: string,
  to: string,
  turns: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const skipped: string[] = [];
  const isWanted = (name: string): boolean => {
    const [top, turn] = name.split("/");
    if (top !== "artifacts") return top === "failures";
    return turn === undefined || turn === "latest" || isOfTurn(turn, turns);
  };
  const copy = async (name: string): Promise<void> => {
    const [source, target] = [join(from, name), join(to, name)];
    const there = await lstat(source);
    if (there.isDirectory()) {
      await mkdir(target, { recursive: true, mode: 0o700 });
      for (const part of await readdir(source)) if (isWanted(`${name}/${part}`)) await copy(`${name}/${part}`);
    } else if (there.isFile()) await copyFile(source, target, constants.COPYFILE_EXCL);
    else skipped.push(name);
  };
  for (const name of await readdir(from).catch(() => [])) if (isWanted(name)) await copy(name); // no folder: no files
  return skipped;
}

function isOfTurn(turn: string, turns: ReadonlyMap<string, number>): boolean {
  const dot = turn.lastIndexOf(".");
  return Number(turn.slice(dot + 1)) <= (turns.get(turn.slice(0, dot)) ?? 0);
}
