import type { A_Expr, FuncCall, InsertStmt, MergeWhenClause, Node, PartitionBoundSpec } from "libpg-query";
import type { Catalog } from "../../model/catalog.js";
import type { RelationName } from "../../model/name.js";
import { enumScope, type Reads, type Scope } from "./enum-scope.js";
import { bodies, body, strings, walk } from "./parse/ast.js";
import { rawParse } from "./parse/library.js";

/** Texts of a statement. */
export interface EnumLiterals {
  /** They are read as values of the enum. */
  readonly certain: ReadonlySet<string>;
  /** They stand beside columns of tables that no file makes. */
  readonly possible: ReadonlySet<string>;
}

/**
 * The texts that a statement certainly reads as values of an enum, whatever the rows are: where one is cast to it, compared
 * with a column of it, or written to one.
 *
 * @example
 * enumLiterals("UPDATE c SET mood = 'calm', note = 'glad'", { schema: null, name: "mood" }, catalog).certain // calm
 */
export function enumLiterals(sql: string, type: RelationName, catalog: Catalog): EnumLiterals {
  const parsed = rawParse(sql);
  const [certain, possible] = [new Set<string>(), new Set<string>()];
  for (const { stmt } of "statements" in parsed ? parsed.statements : []) {
    const scope = enumScope(stmt, type, catalog);
    walk(stmt, (kind, node) => {
      for (const [reads, value] of READERS[kind]?.(node as never, scope) ?? [])
        for (const text of textsOf(reads, value)) (reads === "unknown" ? possible : certain).add(text);
    });
  }
  return { certain, possible };
}

/** What a value is read as. */
type Read = readonly [reads: Reads | null, value: Node | undefined];

const constantOf = (node: Node | undefined): string | null => body(node, "A_Const")?.sval?.sval ?? null;

/** The texts in `{a,"b"}`. */
const elementsOf = (array: string): readonly string[] =>
  [...array.matchAll(/"((?:[^"\\]|\\.)*)"|[^{},"\s]+/g)].map(
    ([bare, quoted]) => quoted?.replace(/\\(.)/g, "$1") ?? bare,
  );

function textsOf(reads: Reads | null, value: Node | undefined): readonly string[] {
  if (reads === null) return [];
  const constant = constantOf(value);
  if (constant !== null) return reads === "array" ? elementsOf(constant) : [constant];
  return reads === "array" ? (body(value, "A_ArrayExpr")?.elements ?? []).flatMap((one) => constantOf(one) ?? []) : [];
}

const COMPARES: ReadonlySet<string> = new Set(["=", "<>", "<", ">", "<=", ">="]);
const WITH_LIST: ReadonlySet<string> = new Set([
  "AEXPR_IN",
  "AEXPR_BETWEEN",
  "AEXPR_NOT_BETWEEN",
  "AEXPR_BETWEEN_SYM",
  "AEXPR_NOT_BETWEEN_SYM",
]);
const WITH_ONE: ReadonlySet<string> = new Set(["AEXPR_OP", "AEXPR_DISTINCT", "AEXPR_NOT_DISTINCT", "AEXPR_NULLIF"]);

function compared({ kind = "AEXPR_OP", name, lexpr, rexpr }: A_Expr, scope: Scope): readonly Read[] {
  const [left, right] = [scope.readsOf(lexpr), scope.readsOf(rexpr)];
  if (WITH_LIST.has(kind)) return alike([lexpr, ...(body(rexpr, "List")?.items ?? [])], scope);
  if (!COMPARES.has(strings(name).at(-1) ?? "")) return [];
  if (WITH_ONE.has(kind))
    return [
      [left, rexpr],
      [right, lexpr],
    ];
  if (kind !== "AEXPR_OP_ANY" && kind !== "AEXPR_OP_ALL") return [];
  // The elements of an ARRAY are of type text, which an enum is not compared with at all (42883).
  const texts: readonly Read[] = left === "value" && constantOf(rexpr) !== null ? [["array", rexpr]] : [];
  return right === "array" ? [...texts, ["value", lexpr]] : texts;
}

/** Of several that are of one type, where one is a value of the enum all are. */
function alike(values: readonly (Node | undefined)[], scope: Scope): readonly Read[] {
  const all = values.map((value) => scope.readsOf(value));
  const reads = (["value", "unknown"] as const).find((one) => all.includes(one));
  return reads === undefined ? [] : values.map((value) => [reads, value]);
}

/** What SET writes; `(a, b) = ('x', 'y')` one by one. */
function assigned(targets: readonly Node[] | undefined, relation: unknown, scope: Scope): readonly Read[] {
  return bodies(targets, "ResTarget").flatMap(({ name = "", indirection, val }): Read[] => {
    if (indirection !== undefined) return [];
    const several = body(val, "MultiAssignRef");
    const value = several === null ? val : body(several.source, "RowExpr")?.args?.[(several.colno ?? 1) - 1];
    return [[scope.columnOf(relation, name), value]];
  });
}

function inserted(columns: readonly Node[] | undefined, row: readonly Node[], relation: unknown, scope: Scope): Read[] {
  // `*` stands for several.
  if (row.some((value) => JSON.stringify(value).includes('"A_Star"'))) return [];
  const named = bodies(columns, "ResTarget").map(({ name = "", indirection }) =>
    indirection === undefined ? name : "",
  );
  const names = named.length > 0 ? named : scope.columnsOf(relation);
  return row.map((value, at) => [scope.columnOf(relation, names[at] ?? ""), value]);
}

function rowsOf(query: Node | undefined): readonly (readonly Node[])[] {
  const select = body(query, "SelectStmt");
  if (select === null || (select.op !== undefined && select.op !== "SETOP_NONE")) return [];
  if (select.valuesLists !== undefined) return bodies(select.valuesLists, "List").map(({ items = [] }) => items);
  return [bodies(select.targetList, "ResTarget").flatMap(({ val }) => val ?? [])];
}

const insert = ({ relation, cols, selectStmt, onConflictClause }: InsertStmt, scope: Scope): readonly Read[] => [
  ...rowsOf(selectStmt).flatMap((row) => inserted(cols, row, relation, scope)),
  ...assigned(onConflictClause?.targetList, relation, scope),
];

function merged({ commandType, targetList, values = [] }: MergeWhenClause, relation: unknown, scope: Scope) {
  if (commandType === "CMD_UPDATE") return assigned(targetList, relation, scope);
  return commandType === "CMD_INSERT" ? inserted(targetList, values, relation, scope) : [];
}

const defaultOf = (constraints: readonly Node[] | undefined): Node | undefined =>
  bodies(constraints, "Constraint").find(({ contype }) => contype === "CONSTR_DEFAULT")?.raw_expr;

function bounded(bound: PartitionBoundSpec | undefined, parent: unknown, scope: Scope): readonly Read[] {
  const keys = scope.partitionKeyOf(parent).map((name) => scope.columnOf(parent, name));
  const { listdatums = [], lowerdatums = [], upperdatums = [] } = bound ?? {};
  const range = (datums: readonly Node[]): Read[] => datums.map((datum, at) => [keys[at] ?? null, datum]);
  return [...listdatums.map((datum): Read => [keys[0] ?? null, datum]), ...range(lowerdatums), ...range(upperdatums)];
}

/** PostgreSQL's own functions of arrays: where the array stands, and where its elements do. */
const OF_ARRAYS: { readonly [name: string]: readonly [array: number, elements: readonly number[]] | undefined } = {
  array_append: [0, [1]],
  array_prepend: [1, [0]],
  array_remove: [0, [1]],
  array_replace: [0, [1, 2]],
  array_position: [0, [1]],
  array_positions: [0, [1]],
};

function elementsPassed({ funcname, args = [] }: FuncCall, scope: Scope): readonly Read[] {
  const [name = "", ...schema] = strings(funcname).toReversed();
  const [array, elements] = (schema.every((one) => one === "pg_catalog") ? OF_ARRAYS[name] : undefined) ?? [];
  if (array === undefined || elements === undefined || scope.readsOf(args[array]) !== "array") return [];
  return elements.map((at): Read => ["value", args[at]]);
}

/** What is passed to a routine; to a VARIADIC one as many values as one likes. */
function passed(call: FuncCall, scope: Scope): readonly Read[] {
  const routine = scope.passedTo(call);
  if (routine === null) return elementsPassed(call, scope);
  const { takes, names } = routine;
  return (call.args ?? []).map((arg, at): Read => {
    const named = body(arg, "NamedArgExpr");
    if (named !== null) return [takes[names.indexOf(named.name ?? "")] ?? null, named.arg];
    return [takes[Math.min(at, takes.length - 1)] ?? null, arg];
  });
}

/** A text that is cast from type to type, where all of that is done at once. */
function castText(node: Node | undefined): Node | undefined {
  const cast = body(node, "TypeCast");
  return cast === null ? node : castText(cast.arg);
}

/** ADD COLUMN computes the default for the rows that are there. */
const added = (column: Body<"ColumnDef"> | null, scope: Scope): readonly Read[] =>
  column === null ? [] : [[scope.typeOf(column.typeName), castText(defaultOf(column.constraints))]];

type Body<K extends string> =
  Extract<Node, Record<K, unknown>> extends infer N ? (K extends keyof N ? N[K] : never) : never;

/** By the kind of a node: the values that it reads, and as what. */
const READERS: { readonly [kind: string]: ((node: never, scope: Scope) => readonly Read[]) | undefined } = {
  A_Expr: compared,
  TypeCast: ({ arg, typeName }: Body<"TypeCast">, scope) => [[scope.typeOf(typeName), arg]],
  CaseExpr: ({ arg, args, defresult }: Body<"CaseExpr">, scope) => {
    const whens = bodies(args, "CaseWhen");
    const results = alike([defresult, ...whens.map(({ result }) => result)], scope);
    return arg === undefined ? results : [...results, ...whens.map(({ expr }): Read => [scope.readsOf(arg), expr])];
  },
  MinMaxExpr: ({ args = [] }: Body<"MinMaxExpr">, scope) => alike(args, scope),
  FuncCall: passed,
  CallStmt: ({ funccall }: Body<"CallStmt">, scope) => (funccall === undefined ? [] : passed(funccall, scope)),
  CoalesceExpr: ({ args = [] }: Body<"CoalesceExpr">, scope) => alike(args, scope),
  InsertStmt: insert,
  UpdateStmt: ({ relation, targetList }: Body<"UpdateStmt">, scope) => assigned(targetList, relation, scope),
  MergeStmt: ({ relation, mergeWhenClauses }: Body<"MergeStmt">, scope) =>
    bodies(mergeWhenClauses, "MergeWhenClause").flatMap((clause) => merged(clause, relation, scope)),
  ColumnDef: ({ typeName, constraints, raw_default }: Body<"ColumnDef">, scope) => {
    const type = scope.typeOf(typeName);
    return [
      [type, defaultOf(constraints)],
      [type, raw_default],
    ];
  },
  FunctionParameter: ({ argType, defexpr }: Body<"FunctionParameter">, scope) => [[scope.typeOf(argType), defexpr]],
  CreateDomainStmt: ({ typeName, constraints }: Body<"CreateDomainStmt">, scope) => [
    [scope.typeOf(typeName), defaultOf(constraints)],
  ],
  AlterTableStmt: ({ relation, cmds }: Body<"AlterTableStmt">, scope) =>
    bodies(cmds, "AlterTableCmd").flatMap(({ subtype, name = "", def }): readonly Read[] => {
      if (subtype === "AT_ColumnDefault") return [[scope.columnOf(relation, name), def]];
      if (subtype === "AT_AddColumn") return added(body(def, "ColumnDef"), scope);
      return bounded(body(def, "PartitionCmd")?.bound, relation, scope);
    }),
  CreateStmt: ({ inhRelations, partbound }: Body<"CreateStmt">, scope) =>
    bounded(partbound, bodies(inhRelations, "RangeVar")[0], scope),
};
