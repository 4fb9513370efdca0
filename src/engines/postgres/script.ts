import type { BackfillWork } from "../../model/step.js";
import { wholeOf } from "../data-change/whole.js";
import type { Script, Timeouts } from "../engine.js";
import { dollarQuotes, literal, quoteRelation } from "./names.js";

/** Pages of a batch: 8 MB, which is some ten thousand rows of a common table. */
const PAGES = 1_000;
/** A row that a writer moved past the pass that reads its pages is there for the next one. */
const PASSES = 5;

const limit = (name: string, ms: number): string => `SET ${name} = ${ms === 0 ? "0" : `'${Math.round(ms)}ms'`};`;

function dollarQuoted(body: string): string {
  const quotes = dollarQuotes(body);
  return `${quotes}\n${body}\n${quotes}`;
}

/**
 * By ranges of pages, since a script does not know the key: rows that were moved meanwhile are found by the next pass,
 * and a pass that changes nothing is the last. DO may commit where it does not stand in a transaction itself.
 */
function batches(work: BackfillWork): readonly string[] {
  const { relation, set, where, statement } = work;
  // It may not be repeatable, and no pass of a script knows which rows it has met: all of them are met at once.
  if (statement !== undefined) return [`${wholeOf(statement, work)};`];
  const table = quoteRelation(relation);
  const body = [
    "#variable_conflict use_column",
    "DECLARE",
    "  zmigrate_pages bigint;",
    "  zmigrate_first bigint;",
    "  zmigrate_rows bigint;",
    "  zmigrate_changed bigint;",
    "BEGIN",
    `  FOR zmigrate_pass IN 1 .. ${PASSES} LOOP`,
    "    zmigrate_changed := 0;",
    `    zmigrate_pages := pg_catalog.pg_relation_size(${literal(table)}::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint;`,
    "    zmigrate_first := 0;",
    "    WHILE zmigrate_first <= zmigrate_pages LOOP",
    `      PERFORM pg_catalog.set_config('zmigrate.backfill', ${literal(table)}, true);`,
    `      UPDATE ONLY ${table} SET ${set}`,
    "       WHERE ctid >= pg_catalog.format('(%s,0)', zmigrate_first)::tid",
    `         AND ctid < pg_catalog.format('(%s,0)', zmigrate_first + ${PAGES})::tid`,
    `         AND (${where});`,
    "      GET DIAGNOSTICS zmigrate_rows = ROW_COUNT;",
    "      zmigrate_changed := zmigrate_changed + zmigrate_rows;",
    "      COMMIT;",
    `      zmigrate_first := zmigrate_first + ${PAGES};`,
    "    END LOOP;",
    "    EXIT WHEN zmigrate_changed = 0;",
    "  END LOOP;",
    "END",
  ];
  return ["SET row_security = off;", `DO ${dollarQuoted(body.join("\n"))};`];
}

/** For psql. */
export const script: Script = Object.freeze({
  command: "psql -v ON_ERROR_STOP=1 -f FILE",
  // Triggers' functions stand in a schema of zmigrate's own, which `apply` makes with its journal.
  settings: Object.freeze(["SET standard_conforming_strings = on;", "CREATE SCHEMA IF NOT EXISTS zmigrate;"]),
  transaction: Object.freeze({ begin: "BEGIN;", commit: "COMMIT;" }),
  statement: (sql: string) => `${sql};`,
  limits: ({ lockMs, statementMs }: Timeouts) =>
    `${limit("lock_timeout", lockMs)} ${limit("statement_timeout", statementMs)}`,
  batches,
});
