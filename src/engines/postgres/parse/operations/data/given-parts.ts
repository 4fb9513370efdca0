import type { CommonTableExpr, Node, RangeVar, ResTarget, SelectStmt, WithClause } from "libpg-query";
import type { GivenPart } from "../../../../../model/detail/data.js";
import { bodies, body, kindOf, relationOf, strings } from "../../ast.js";

type Parts = readonly GivenPart[];

/** Something that a query reads. */
interface Read {
  readonly alias: string;
  /** What all of it is; null where that is not told. */
  readonly parts: Parts | null;
}

/** What `*` means in a query; `parts` is null where a column of two tables is shown once. */
interface Reads {
  readonly named: readonly Read[];
  readonly parts: Parts | null;
}

type Ctes = readonly CommonTableExpr[];

/** What a query gives, or a statement by its RETURNING; null where that is not told. @param around what WITH names around it */
export function givenParts(node: Node | undefined, around: Ctes = []): Parts | null {
  const select = body(node, "SelectStmt");
  if (select !== null) return selected(select, around);
  const change = body(node, "InsertStmt") ?? body(node, "UpdateStmt") ?? body(node, "DeleteStmt");
  if (change?.returningClause === undefined) return null;
  const { relation, returningClause, withClause, ...others } = change;
  const ctes = ctesIn(withClause, around);
  const more = "fromClause" in others ? others.fromClause : "usingClause" in others ? others.usingClause : [];
  const reads = readsOf([{ RangeVar: relation ?? {} }, ...(more ?? [])], ctes);
  return itemsOf(valuesOf(returningClause.exprs), reads);
}

const ctesIn = (clause: WithClause | undefined, around: Ctes): Ctes => [
  ...around,
  ...bodies(clause?.ctes, "CommonTableExpr"),
];

const valuesOf = (targets: readonly Node[] | undefined): readonly (Node | undefined)[] =>
  bodies(targets, "ResTarget").map(({ val }: ResTarget) => val);

/** Of several queries that are put together, what the first one gives. */
function selected(select: SelectStmt, around: Ctes): Parts | null {
  const ctes = ctesIn(select.withClause, around);
  // Another one may take the row with a NULL away.
  if (select.larg !== undefined)
    return selected(select.larg, ctes)?.map((part) => (part === "null" ? "value" : part)) ?? null;
  const [row] = bodies(select.valuesLists, "List");
  return itemsOf(row?.items ?? valuesOf(select.targetList), readsOf(select.fromClause ?? [], ctes));
}

const together = (parts: readonly (Parts | null)[]): Parts | null =>
  parts.includes(null) ? null : Object.freeze(parts.flatMap((each) => each ?? []));

const itemsOf = (items: readonly (Node | undefined)[], reads: Reads): Parts | null =>
  together(items.map((item) => itemOf(item, reads)));

function itemOf(item: Node | undefined, { named, parts }: Reads): Parts | null {
  if (isNull(item)) return ["null"];
  const star = starOf(item);
  const [name, another] = strings(body(item, "ColumnRef")?.fields);
  // The row of a table as one value, or a column that is called so.
  if (star === null) return another === undefined && named.some(({ alias }) => alias === name) ? null : ["value"];
  if (star === "") return parts;
  const read = named.find(({ alias }) => alias === star);
  if (read !== undefined) return read.parts;
  return star === "new" || star === "old" ? ["row"] : [{ variable: star }];
}

/** NULL, also with a cast. */
function isNull(item: Node | undefined): boolean {
  const cast = body(item, "TypeCast");
  return cast === null ? body(item, "A_Const")?.isnull === true : isNull(cast.arg);
}

/** What all columns are shown of: `""` for everything that is read, null where one value is. */
function starOf(item: Node | undefined): string | null {
  const fields = body(item, "ColumnRef")?.fields ?? [];
  if (fields.some((field) => kindOf(field) === "A_Star")) return strings(fields).at(-1) ?? "";
  const inside = body(item, "A_Indirection");
  if (inside === null || !(inside.indirection ?? []).some((part) => kindOf(part) === "A_Star")) return null;
  // `(OLD).*`; of any other value it is not told what it is a row of.
  return strings(body(inside.arg, "ColumnRef")?.fields).at(-1) ?? "?";
}

function readsOf(from: readonly Node[], ctes: Ctes): Reads {
  const each = from.map((node) => readOf(node, ctes));
  return { named: each.flatMap(({ named }) => named), parts: together(each.map(({ parts }) => parts)) };
}

function readOf(node: Node, ctes: Ctes): Reads {
  const join = body(node, "JoinExpr");
  if (join !== null) {
    const { named, parts } = readsOf([join.larg ?? node, join.rarg ?? node], ctes);
    const merges = join.isNatural === true || join.usingClause !== undefined;
    return { named, parts: merges ? null : parts };
  }
  const range = body(node, "RangeVar");
  const inner = body(node, "RangeSubselect");
  const alias = (range ?? inner ?? body(node, "RangeFunction"))?.alias?.aliasname ?? range?.relname ?? "";
  const parts = range !== null ? ofTable(range, ctes) : inner !== null ? givenParts(inner.subquery, ctes) : null;
  return { named: [{ alias, parts }], parts };
}

/** A query of WITH may read those in front of it, and a recursive one itself. */
function ofTable(range: RangeVar, ctes: Ctes): Parts | null {
  const cte = range.schemaname === undefined ? ctes.find(({ ctename }) => ctename === range.relname) : undefined;
  if (cte === undefined) return Object.freeze([relationOf(range)]);
  // These add columns of their own.
  if (cte.search_clause !== undefined || cte.cycle_clause !== undefined) return null;
  return givenParts(
    cte.ctequery,
    ctes.filter((one) => one !== cte),
  );
}
