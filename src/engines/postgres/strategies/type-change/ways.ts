import type { Column, Table } from "../../../../model/catalog.js";
import type { AlterColumnType } from "../../../../model/detail/column.js";
import { show } from "../../../../model/name.js";
import { Refusal, type StrategyContext } from "../../../engine.js";
import { quote } from "../../names.js";
import { asksZone, bitsOf, isAssigned, isBareCast, isSure, wayBack } from "./casts.js";
import { type Conversion, readsOf } from "./conversion.js";

const WRITE_UP =
  "Write the expression: `ALTER COLUMN ... TYPE ... USING EXPR`, or `-- zmigrate:up EXPR` in front of it.";

/** The expression that the author gives; null where the change is a cast that PostgreSQL makes by itself. */
function given(detail: AlterColumnType, old: Column, { up }: StrategyContext): string | null {
  const expression = up ?? detail.using;
  if (expression === null) return null;
  return isBareCast(expression, detail) && isSure(old.type, detail.type) ? null : expression;
}

function refuseNoCast(detail: AlterColumnType, table: Table, old: Column, context: StrategyContext): void {
  const where = `${show(table.relation)}.${old.name}`;
  if (isAssigned(old.type, detail.type, context) === false)
    throw new Refusal(`${where} does not become ${detail.type} from ${old.type} by itself.`, WRITE_UP);
  if (asksZone(old.type, detail.type))
    throw new Refusal(
      `What ${old.type} becomes as ${detail.type} depends on the TimeZone of each session that writes ${where}.`,
      `Name the zone: \`USING ${quote(old.name)} AT TIME ZONE 'UTC'\`.`,
    );
}

/** From the old type to the new one. @throws Refusal where that takes an expression and there is none */
export function forthOf(detail: AlterColumnType, table: Table, old: Column, context: StrategyContext): Conversion {
  const expression = given(detail, old, context);
  if (expression === null) refuseNoCast(detail, table, old, context);
  const what = context.up === null ? "USING" : "The directive up";
  return {
    relation: table.relation,
    column: old.name,
    type: detail.type,
    expression,
    reads: expression === null ? [old.name] : readsOf(what, expression, table),
    sure: expression === null && isSure(old.type, detail.type),
  };
}

/**
 * An integer cut to fewer bits: different ones stay different as long as they are within the range of the smaller type,
 * and none is NULL, so that a key stays a key.
 */
function wrapped(column: string, type: string, bits: number): string {
  const [range, half] = [2n ** BigInt(bits), 2n ** BigInt(bits - 1)];
  return `((${column}::bigint % ${range} + ${range} + ${half}) % ${range} - ${half})::${type}`;
}

/** From the new type to the old one, for the parked column. @throws Refusal where there is no cast and no directive */
export function backOf(
  detail: AlterColumnType,
  table: Table,
  old: Column,
  keyed: boolean,
  context: StrategyContext,
): Conversion {
  const bits = keyed ? bitsOf(old.type) : null;
  const found =
    bits !== null && bits < 64
      ? wrapped(quote(old.name), old.type, bits)
      : (context.down ?? wayBack(context.up ?? detail.using, old, detail.type, context));
  if (found === null)
    throw new Refusal(
      `${detail.type} has no way back to ${old.type}: after the swap ${show(table.relation)}.${old.name} could not be kept as it was, for a rollback.`,
      `Write it in front of the change: \`-- zmigrate:down EXPR\`, over ${old.name} as ${detail.type}.`,
    );
  return {
    relation: table.relation,
    column: old.name,
    type: old.type,
    expression: found,
    reads: readsOf("The directive down", found, table),
    sure: bits !== null && bits < 64,
  };
}
