import { literal } from "../names.js";

/**
 * Neither server has IF EXISTS for all that an undo or a repair meets. These statements, run in order on one session,
 * carry out `statement` only if `condition` holds, so that they may be run again.
 */
export function guarded(condition: string, statement: string): string[] {
  return [
    `SET @zmigrate_sql = IF((${condition}), ${literal(statement)}, 'DO 0')`,
    "PREPARE zmigrate_statement FROM @zmigrate_sql",
    "EXECUTE zmigrate_statement",
    "DEALLOCATE PREPARE zmigrate_statement",
  ];
}
