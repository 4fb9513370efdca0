import type { Step } from "../../../../model/step.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { generatedName, literal, quote, quoteRelation } from "../../names.js";
import { renameColumnInConstraint } from "../../parse/columns.js";
import { withoutMark } from "../constraint/steps.js";
import { indexTail } from "../rename/backfill.js";
import { copyName, id } from "../rename/subject.js";
import type { Retype } from "./subject.js";
import { shadowTrigger } from "./triggers.js";

/** What a change of type leaves: how a value is stored belongs to its type. */
const staying = (r: Retype): string[] => r.old.settings.filter((s) => /^SET (?:STATISTICS|\()/.test(s));

/** A name alone, in an index by its type's own order, can be built for every type that has one. */
const PLAIN = /^[^(]*\((?:"(?:[^"]|"")+"|\w+)(?:, (?:"(?:[^"]|"")+"|\w+))*\)$/;
const ITS_TABLE = /^(?:ONLY\s+)?(?:(?:"(?:[^"]|"")+"|[^\s".(]+)\s*\.\s*)?(?:"(?:[^"]|"")+"|[^\s".(]+)/;

/** Expressions and conditions of indexes are tried on a table of the same columns, which is empty and gone again. */
function triedIndexes(r: Retype): string[] {
  const tails = r.indexes.map((i) => indexTail(i, r)).filter((tail) => !PLAIN.test(tail));
  if (tails.length === 0) return [];
  const name = generatedName("zmigrate_tried", r.old.name, r.hash);
  const table = quoteRelation({ schema: r.relation.schema, name });
  return [
    `CREATE TABLE ${table} (LIKE ${quoteRelation(r.relation)})`,
    ...tails.map((tail) => `CREATE INDEX ON ${tail.replace(ITS_TABLE, () => table)}`),
    `DROP TABLE ${table}`,
  ];
}

/** What a later step will say of the column is said once and taken back: what is no SQL for its type fails here already. */
function tried(r: Retype): string[] {
  const alter = `ALTER TABLE ${quoteRelation(r.relation)}`;
  const column = `${alter} ALTER COLUMN ${quote(r.to)}`;
  const checks = r.checks.flatMap((c) => [
    `${alter} ADD CONSTRAINT ${quote(copyName(r, c.name))} ${withoutMark(renameColumnInConstraint(c.definition, r.old.name, r.to))} NOT VALID`,
    `${alter} DROP CONSTRAINT ${quote(copyName(r, c.name))}`,
  ]);
  return [
    ...checks,
    ...triedIndexes(r),
    ...(r.default === null ? [] : [`${column} SET DEFAULT ${r.default}`, `${column} DROP DEFAULT`]),
  ];
}

export function addShadow(r: Retype): Step {
  const table = quoteRelation(r.relation);
  const column = quote(r.to);
  const collate = r.detail.collation === null ? "" : ` COLLATE ${quote(r.detail.collation)}`;
  const fill = (template: string) => template.replace("%column%", () => column).replace("%table%", () => table);
  return step({
    id: id(r, "add-column"),
    phase: "expand",
    kind: "ddl",
    sql: [
      `ALTER TABLE ${table} ADD COLUMN ${column} ${r.detail.type}${collate}`,
      ...staying(r).map((s) => `ALTER TABLE ${table} ALTER COLUMN ${column} ${s}`),
      ...(r.old.comment === null ? [] : [`COMMENT ON COLUMN ${table}.${column} IS ${literal(r.old.comment)}`]),
      ...r.old.grants.map(fill),
      ...(r.forth.sure ? [] : tried(r)),
    ],
    undo: [
      `LOCK TABLE ONLY ${table} IN ACCESS EXCLUSIVE MODE`,
      ...shadowTrigger(r).drop,
      `ALTER TABLE ${table} DROP COLUMN IF EXISTS ${column}`,
    ],
    locks: [locks.alterTable(r.relation)],
    reason: `A second column of type ${r.detail.type} stands beside ${r.old.name}: nothing is rewritten, and no code names it.`,
  });
}

export function addTrigger(r: Retype): Step {
  return step({
    id: id(r, "sync-trigger"),
    phase: "expand",
    kind: "ddl",
    sql: shadowTrigger(r).create,
    undo: [],
    locks: [locks.createTrigger(r.relation)],
    reason: `Old and new code write ${r.old.name}, which stays ${r.old.type} until the swap: the second column follows.`,
  });
}
