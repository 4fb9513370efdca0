import type { DataChange } from "../../../model/detail/data.js";
import { show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import { Refusal } from "../../engine.js";
import { looksLikeMove } from "../../moved-column.js";
import type { MysqlContext } from "./algorithms.js";

/**
 * Triggers on two tables that write each other stop what they should follow: measured on MySQL 9.7 and MariaDB 10.11
 * (test/engines/mysql/strategies/moved.test.ts).
 *
 * @throws Refusal for an UPDATE that moves a column to another table
 */
export function refuseMove(detail: DataChange, operation: OtherOperation, context: MysqlContext): void {
  const move = looksLikeMove(detail, operation, context);
  if (move === null) return;
  const { add, drop } = move;
  const [to, from] = [show(add.relation), show(drop.relation)];
  throw new Refusal(
    `This moves ${drop.column} of ${from} to ${add.column.name} of ${to}. Old and new code would need triggers that write the other table, and on this server a statement fails that writes one of the two and names the other as well, in a join or a subquery (error 1442).`,
    `Write three migrations: ADD COLUMN, with code that writes both columns; the UPDATE, for rows in which ${add.column.name} is empty, with code that reads it; DROP COLUMN, when no code uses ${drop.column} any more.`,
  );
}
