/**
 * What spreadsheets would run when they open a CSV file: the rule of exports (OWASP: CSV Injection), here in the engine's SQL. An
 * apostrophe goes before such a cell; numbers are never touched.
 */
const BLANK = '\\s\\p{Z}\\x{feff}\\p{Cc}\\p{Cf}';
const RUNS = `^(?:[\\t\\r\\n]|[${BLANK}''"]*[=+\\-@＝＋－＠])`;
const NUMBER = '[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?';

/** SQL of the text as it may stand in a cell. */
export function guarded(text: string): string {
  return `CASE WHEN regexp_matches(${text}, '${RUNS}') AND NOT regexp_full_match(${text}, '${NUMBER}') THEN '''' || ${text} ELSE ${text} END`;
}
