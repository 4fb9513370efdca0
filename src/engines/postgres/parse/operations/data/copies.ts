import type { Node, RangeVar, UpdateStmt } from "libpg-query";
import type { DataChange, RowCopy } from "../../../../../model/detail/data.js";
import { bodies, body, relationOf, strings } from "../../ast.js";
import { conjuncts } from "./lookups.js";

type Pair = RowCopy["columns"][number];

/** The two tables of an UPDATE as its expressions call them. */
interface Sides {
  readonly to: string;
  readonly from: string;
}

const aliasOf = ({ alias, relname }: RangeVar): string => alias?.aliasname ?? relname ?? "";

/** The column of `u.bio`, where it is one of the table that is called so. */
function columnIn(node: Node | undefined, alias: string): string | null {
  const fields = body(node, "ColumnRef")?.fields ?? [];
  const names = strings(fields);
  return names.length === 2 && fields.length === 2 && names[0] === alias ? (names[1] ?? null) : null;
}

/** `bio = u.bio`. */
function assigned(node: Node, { from }: Sides): Pair | null {
  const target = body(node, "ResTarget");
  const column = columnIn(target?.val, from);
  if (target?.name === undefined || target.indirection !== undefined || column === null) return null;
  return Object.freeze({ to: target.name, from: column });
}

/** `u.id = p.user_id`, in either order. */
function equal(node: Node, { to, from }: Sides): Pair | null {
  const each = body(node, "A_Expr");
  const [operator, another] = strings(each?.name);
  if (each?.kind !== "AEXPR_OP" || operator !== "=" || another !== undefined) return null;
  const pairs = [
    [each.lexpr, each.rexpr],
    [each.rexpr, each.lexpr],
  ].flatMap(([a, b]) => {
    const [mine, other] = [columnIn(a, to), columnIn(b, from)];
    return mine === null || other === null ? [] : [Object.freeze({ to: mine, from: other })];
  });
  return pairs[0] ?? null;
}

/** `UPDATE p SET a = u.a FROM u WHERE u.id = p.user_id`; empty for any other UPDATE. */
export function copiesOf(stmt: UpdateStmt): Pick<DataChange, "copies"> {
  const { relation, fromClause = [], targetList = [], whereClause, withClause } = stmt;
  const [source, another] = bodies(fromClause, "RangeVar");
  if (relation === undefined || source === undefined || another !== undefined || fromClause.length !== 1) return {};
  if (withClause !== undefined || source.alias?.colnames !== undefined) return {};
  const sides = { to: aliasOf(relation), from: aliasOf(source) };
  const columns = targetList.flatMap((node) => assigned(node, sides) ?? []);
  if (columns.length === 0 || columns.length < targetList.length) return {};
  const conditions = conjuncts(whereClause);
  const on = conditions.flatMap((node) => equal(node, sides) ?? []);
  return {
    copies: Object.freeze({
      from: relationOf(source),
      columns: Object.freeze(columns),
      on: Object.freeze(on),
      ...(on.length < conditions.length ? { more: true as const } : {}),
    }),
  };
}
