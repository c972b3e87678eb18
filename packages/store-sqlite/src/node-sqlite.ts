/**
 * `node:sqlite` without the warning that Node 22 prints when it is loaded first ("SQLite is an experimental feature"): a
 * user can do nothing about it. Loading is synchronous, so the replacement is never there for anybody else's warning,
 * and every other warning passes.
 */
function loadSqlite(): typeof import("node:sqlite") {
  const { emitWarning } = process;
  process.emitWarning = (...warning: readonly unknown[]) => {
    if (warning[1] !== "ExperimentalWarning") Reflect.apply(emitWarning, process, warning);
  };
  try {
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

const sqlite: typeof import("node:sqlite") = loadSqlite();

export const DatabaseSync: typeof import("node:sqlite").DatabaseSync = sqlite.DatabaseSync;
