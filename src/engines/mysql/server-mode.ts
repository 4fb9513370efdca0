import type { ObjectType } from "../../model/detail/object.js";

/** Modes that give quotes and backslashes another meaning than the files are read with, and those that bring them along. */
const OTHER_TEXT = ["ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI", "DB2", "MAXDB", "MSSQL", "ORACLE", "POSTGRESQL"];

const SERVERS = OTHER_TEXT.reduce(
  (mode, word) => `REPLACE(${mode}, ',${word},', ',')`,
  "CONCAT(',', @@GLOBAL.sql_mode, ',')",
);

const KEEPS_MODE: ReadonlySet<ObjectType> = new Set(["trigger", "function", "procedure", "event"]);

/** The SQL mode in which it is made is part of it, and is that in which its body runs. */
export const keepsMode = (object: ObjectType | null): boolean => object !== null && KEEPS_MODE.has(object);

/**
 * A statement in a SQL mode other than that of our sessions, which copy rows: strict, and an id of 0 stays 0.
 *
 * @param mode an expression
 */
export const inMode = (mode: string, statement: string): readonly string[] => [
  "SET @zmigrate_mode = @@SESSION.sql_mode",
  `SET SESSION sql_mode = ${mode}`,
  statement,
  "SET SESSION sql_mode = @zmigrate_mode",
];

/** A statement as a client sends it that sets no mode of its own: the server's mode, in which migrations are written. */
export const inServersMode = (statement: string): readonly string[] =>
  inMode(`TRIM(BOTH ',' FROM ${SERVERS})`, statement);
