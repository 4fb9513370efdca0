import type { RelationName } from "../../../model/name.js";
import { literal } from "../names.js";
import { INSTANT } from "./algorithms.js";
import { alter } from "./ddl.js";
import { hasOwnTrigger, isLentEnum } from "./facts.js";
import { prepared } from "./guarded.js";

/**
 * Takes back every default that was lent to an ENUM of the table, whatever the column is called by now, unless a trigger
 * of ours is still there: another migration may need them, and its last step does the same.
 *
 * @param own beside a trigger of the application: the names of the column that was lent to, whose default no other needs
 */
export function takeBackEnums(relation: RelationName, own: readonly string[] | null = null): string[] {
  const each = "CONCAT('ALTER COLUMN `', REPLACE(COLUMN_NAME, '`', '``'), '` DROP DEFAULT')";
  const all = `CONCAT(${literal(alter(relation, ""))}, GROUP_CONCAT(${each} SEPARATOR ', '), ${literal(`, ${INSTANT}`)})`;
  return prepared(
    `(SELECT IF(COUNT(*) = 0${own === null ? ` OR ${hasOwnTrigger(relation)}` : ""}, 'DO 0', ${all}) FROM information_schema.COLUMNS WHERE ${isLentEnum(relation, own)})`,
  );
}
