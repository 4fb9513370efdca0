/**
 * SQL of the comment on an object, or on a column of it. obj_description() and col_description() start a query of their
 * own for each row: with 1,000 tables that is a sixth of the time that a catalog takes to read.
 */
export const commentOn = (oid: string, catalog: string, column = "0"): string =>
  `(SELECT w.description FROM pg_catalog.pg_description w WHERE w.objoid = ${oid} AND w.classoid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND w.objsubid = ${column})`;
