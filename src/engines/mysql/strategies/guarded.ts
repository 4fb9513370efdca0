import { literal } from "../names.js";

/** Carries out, on one session, the statement that an expression of SQL says. */
export function prepared(expression: string): string[] {
  return [
    `SET @zmigrate_sql = ${expression}`,
    "PREPARE zmigrate_statement FROM @zmigrate_sql",
    "EXECUTE zmigrate_statement",
    "DEALLOCATE PREPARE zmigrate_statement",
  ];
}

/**
 * Neither server has IF EXISTS for all that an undo or a repair meets. These statements, run in order on one session,
 * carry out `statement` only if `condition` holds, so that they may be run again.
 */
export const guarded = (condition: string, statement: string): string[] =>
  prepared(`IF((${condition}), ${literal(statement)}, 'DO 0')`);
