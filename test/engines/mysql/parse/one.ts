import { type MysqlDialect, parseMysql } from "../../../../src/engines/mysql/parse/index.js";
import type { ColumnDefinition, CreateTable, Operation } from "../../../../src/model/operation.js";
import type { OperationDetail } from "../../../../src/model/operation-detail.js";

/** The operations of a text that must be readable. @throws Error with its problems */
export function operationsOf(sql: string, dialect: MysqlDialect = "mysql"): readonly Operation[] {
  const { statements, problems } = parseMysql(sql, dialect);
  if (problems.length > 0) throw new Error(`${sql}: ${problems.map(({ message }) => message).join(" ")}`);
  return statements.flatMap(({ operations }) => operations);
}

/** The only operation of a text, which must be of this kind. */
export function only<K extends Operation["kind"]>(
  kind: K,
  sql: string,
  dialect: MysqlDialect = "mysql",
): Extract<Operation, { kind: K }> {
  const [operation, ...more] = operationsOf(sql, dialect);
  if (operation?.kind !== kind || more.length > 0) throw new Error(`${sql}: not one ${kind}`);
  return operation as Extract<Operation, { kind: K }>;
}

/** The column that ALTER TABLE t ADD makes of a definition. */
export function columnOf(definition: string, dialect: MysqlDialect = "mysql"): ColumnDefinition {
  return only("add-column", `ALTER TABLE t ADD COLUMN ${definition}`, dialect).column;
}

/** The table that CREATE TABLE t makes of a list and options. */
export function tableOf(rest: string, dialect: MysqlDialect = "mysql"): CreateTable {
  return only("create-table", `CREATE TABLE t ${rest}`, dialect);
}

/** The first problem of a text, with the text that it points at. @throws Error when there is none */
export function problemOf(sql: string, dialect: MysqlDialect = "mysql"): { message: string; at: string } {
  const [problem] = parseMysql(sql, dialect).problems;
  if (problem === undefined) throw new Error(`${sql}: no problem`);
  return { message: problem.message, at: sql.slice(problem.span.start, problem.span.end) };
}

/** The detail of the only operation of a text. @throws Error when it has none */
export function detailOf(sql: string, dialect: MysqlDialect = "mysql"): OperationDetail {
  const { detail } = only("other", sql, dialect);
  if (detail === undefined) throw new Error(`${sql}: no detail`);
  return detail;
}
