import type { DefineStmt, FunctionParameter, Node, TypeName } from "libpg-query";
import { quote } from "../../names.js";
import { bodies, body, strings } from "../../parse/ast.js";
import { readFragment } from "../../parse/fragment.js";

/** The types of a routine's parameters. */
export interface Parameters {
  /** As DROP and ALTER take them: `"pg_catalog"."int4", "mood"[]`; of an aggregate without any `*`. */
  readonly text: string;
  /** Their names in pg_type: `int4`, `_mood`. */
  readonly names: readonly string[];
}

/** Those that only come out are not part of what tells routines apart. */
const OUTWARD: ReadonlySet<string> = new Set(["FUNC_PARAM_OUT", "FUNC_PARAM_TABLE"]);

function typeOf(type: TypeName | undefined): { text: string; name: string } | null {
  const parts = strings(type?.names);
  const last = parts.at(-1);
  if (type === undefined || last === undefined || type.pct_type === true) return null;
  const array = (type.arrayBounds ?? []).length > 0;
  return { text: `${parts.map(quote).join(".")}${array ? "[]" : ""}`, name: array ? `_${last}` : last };
}

function parametersOf(types: readonly (TypeName | undefined)[]): Parameters | null {
  const read = types.map(typeOf);
  if (read.some((t) => t === null)) return null;
  const known = read.flatMap((t) => t ?? []);
  return { text: known.map((t) => t.text).join(", "), names: known.map((t) => t.name) };
}

const inward = (parameters: readonly Node[] | undefined): FunctionParameter[] =>
  bodies(parameters, "FunctionParameter").filter((p) => !OUTWARD.has(p.mode ?? ""));

/** Null for what is no aggregate, and for one in the style of before 8.2, which names its type among its options. */
function ofAggregate(create: DefineStmt | null): Parameters | null {
  if (create?.kind !== "OBJECT_AGGREGATE" || create.oldstyle === true) return null;
  const list = body(create.args?.[0], "List")?.items;
  return starred(parametersOf(inward(list).map((p) => p.argType)));
}

const starred = (read: Parameters | null): Parameters | null =>
  read !== null && read.names.length === 0 ? { ...read, text: "*" } : read;

/**
 * The parameters of the routine that a statement makes, changes or drops; null where it names none (`DROP FUNCTION f`), or a
 * type by that of a column.
 *
 * @param at which one, of a DROP of several
 */
export function parametersIn(statement: string, at = 0): Parameters | null {
  const fragment = readFragment("", statement, "");
  if (typeof fragment === "string") return null;
  const { node } = fragment;
  const create = body(node, "CreateFunctionStmt");
  if (create !== null) return parametersOf(inward(create.parameters).map((p) => p.argType));
  const aggregate = ofAggregate(body(node, "DefineStmt"));
  if (aggregate !== null) return aggregate;
  const [drop, owner] = [body(node, "DropStmt"), body(node, "AlterOwnerStmt")];
  const named = drop?.objects?.[at] ?? owner?.object;
  const object = body(node, "AlterFunctionStmt")?.func ?? body(named, "ObjectWithArgs");
  if (object === null || object.args_unspecified === true) return null;
  const read = parametersOf(bodies(object.objargs, "TypeName"));
  return drop?.removeType === "OBJECT_AGGREGATE" || owner?.objectType === "OBJECT_AGGREGATE" ? starred(read) : read;
}
