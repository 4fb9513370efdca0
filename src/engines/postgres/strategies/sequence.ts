import type { Column, Table } from "../../../model/catalog.js";
import { literal, quote, quoteRelation } from "../names.js";

/** The sequence behind an identity or serial column, as an expression. */
const sequenceOf = (table: Table, column: string): string =>
  `pg_catalog.pg_get_serial_sequence(${literal(quoteRelation(table.relation))}, ${literal(column)})`;

/**
 * Sets the sequence of an identity column behind the values that are there, unless it starts behind them. To be run while
 * nobody writes: the greatest value is read once.
 */
export function behindValues(table: Table, column: string): string {
  const [name, relation] = [quote(column), quoteRelation(table.relation)];
  return `SELECT pg_catalog.setval(s.seqrelid::regclass, v.greatest) FROM (SELECT pg_catalog.max(${name}) AS greatest FROM ${relation}) v
  JOIN pg_catalog.pg_sequence s ON s.seqrelid = ${sequenceOf(table, column)}::regclass
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
