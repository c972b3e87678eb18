const FIELD = /(?<=^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g;

/** The rows of CSV text with their line numbers; blank lines are left out. A field cannot hold a line break. */
export function parseCsv(text) {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, fields: splitFields(line) }))
    .filter(({ fields }) => fields.join("") !== "");
}

function splitFields(line) {
  return [...line.matchAll(FIELD)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain.trim());
}
