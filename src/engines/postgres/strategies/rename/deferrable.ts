import type { Constraint, Index } from "../../../../model/catalog.js";
import type { Carried } from "../../../../model/plan.js";
import { quote, quoteRelation } from "../../names.js";
import { renameColumnInConstraint } from "../../parse/columns.js";
import { suffixOf } from "../deferrable.js";
import { type Change, change, commentOn, remarks } from "./change.js";
import type { Rename } from "./subject.js";

const STORAGE = /( WITH \([^)]*\))?(?: TABLESPACE (.+))?$/i;

const indexOf = (r: Rename, c: Constraint): Index | undefined => r.table.indexes.find((i) => i.constraint === c.name);

/** What the index has besides its columns, as a constraint says it. */
function storageOf(index: Index | undefined): string {
  const [, parameters = "", space] = STORAGE.exec(index?.definition ?? "") ?? [];
  return `${parameters}${space === undefined ? "" : ` USING INDEX TABLESPACE ${space}`}`;
}

/** The statement that makes it, index and all, over one column or the other. */
function adding(r: Rename, c: Constraint, column: string): string {
  const definition = column === r.old.name ? c.definition : renameColumnInConstraint(c.definition, r.old.name, column);
  const suffix = suffixOf({ definition });
  const key = definition.slice(0, definition.length - suffix.length);
  return `ALTER TABLE ${quoteRelation(r.relation)} ADD CONSTRAINT ${quote(c.name)} ${key}${storageOf(indexOf(r, c))}${suffix}`;
}

/** What the table and the server say of it, which goes with it. */
function saidOf(r: Rename, c: Constraint): string[] {
  const index = indexOf(r, c);
  const table = `ALTER TABLE ${quoteRelation(r.relation)}`;
  return [
    ...commentOn(r, c).map((said) => said.sql),
    ...(index === undefined ? [] : remarks(r, index).map((said) => said.sql)),
    ...(index?.clustered === true ? [`${table} CLUSTER ON ${quote(index.name)}`] : []),
  ];
}

/** It goes from the old column and comes to the new one in one moment: neither code meets two of them. */
export function exchanged(r: Rename, c: Constraint): Change[] {
  const drop = `ALTER TABLE ${quoteRelation(r.relation)} DROP CONSTRAINT ${quote(c.name)}`;
  const said = saidOf(r, c);
  return [
    change(drop, adding(r, c, r.old.name), ...said),
    change(adding(r, c, r.to), drop),
    ...said.map((sql) => change(sql)),
  ];
}

/** What the swap drops, and what takes it back drops. */
export function exchangedCarried(r: Rename, c: Constraint): Carried[] {
  const columns = indexOf(r, c)?.columns ?? c.columns;
  const { name } = c;
  const kind = "constraint";
  return [
    { kind, name, needed: "swap", side: "old", columns, sql: [adding(r, c, r.old.name)] },
    {
      kind,
      name,
      needed: "back",
      side: "new",
      columns: columns.map((column) => (column === r.old.name ? r.to : column)),
      sql: [adding(r, c, r.to)],
    },
  ];
}

export const notesOnDeferrable = (r: Rename): string[] =>
  r.deferrable.map(
    ({ name }) =>
      `${name} is DEFERRABLE, and an index that is built beside running code is asked at once: the swap drops it and builds it anew, under its lock, which the table is small enough for. Until then the column it is over keeps rows apart for both.`,
  );
