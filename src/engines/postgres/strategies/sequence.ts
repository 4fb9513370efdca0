import type { Column, Table } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { literal, quote, quoteRelation } from "../names.js";

/**
 * The sequence of an identity column, as an expression. `pg_get_serial_sequence` would as well name one that a former
 * serial column still owns.
 */
export const identitySequence = (relation: RelationName, column: string): string =>
  `(SELECT d.objid FROM pg_catalog.pg_depend d
     JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attname = ${literal(column)}
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
      AND d.refobjid = ${literal(quoteRelation(relation))}::regclass AND d.deptype = 'i')`;

/**
 * Sets the sequence of an identity column behind the values that are there, unless it starts behind them. To be run while
 * nobody writes: the greatest value is read once.
 */
export function behindValues(table: Table, column: string): string {
  const [name, relation] = [quote(column), quoteRelation(table.relation)];
  return `SELECT pg_catalog.setval(s.seqrelid::regclass, v.greatest) FROM (SELECT pg_catalog.max(${name}) AS greatest FROM ${relation}) v
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = ${identitySequence(table.relation, column)}
  WHERE s.seqincrement > 0 AND v.greatest >= s.seqstart`;
}

/** The same for the sequence that a default calls; empty where it calls none. */
export function defaultBehindValues(table: Table, { name, default: value }: Column): string[] {
  const sequence = /^nextval\(('(?:[^']|'')*')::regclass\)$/.exec(value ?? "")?.[1];
  if (sequence === undefined) return [];
  const greatest = `SELECT pg_catalog.max(${quote(name)}) AS greatest FROM ${quoteRelation(table.relation)}`;
  return [
    `SELECT pg_catalog.setval(${sequence}::regclass, v.greatest) FROM (${greatest}) v JOIN pg_catalog.pg_sequence s ON s.seqrelid = ${sequence}::regclass
  WHERE s.seqincrement > 0 AND v.greatest >= s.seqstart`,
  ];
}
