import type { CreateFunctionStmt, FunctionParameter, Node, TypeName } from "libpg-query";
import type { RoutineShape } from "../../../../../model/detail/object.js";
import { bodies, body, strings } from "../../ast.js";
import { isSet } from "../../def-elem.js";
import { routineText } from "./routine-text.js";

/**
 * What a routine takes, does and gives back; null where a type is one of another thing's (`users.id%TYPE`).
 *
 * @param atomic the text of a body from BEGIN ATOMIC to END; null where it stands in quotes
 */
export function routineShape(stmt: CreateFunctionStmt, atomic: string | null): RoutineShape | null {
  const parameters = bodies(stmt.parameters, "FunctionParameter");
  const passed = parameters.filter(({ mode }) => mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE");
  const takes = typesOf(passed.map(({ argType }) => argType));
  const own = stmt.returnType === undefined ? [] : [stmt.returnType];
  const given = parameters.filter(({ mode }) => mode !== undefined && GIVEN.has(mode));
  const returns = typesOf([...own, ...given.map(({ argType }) => argType)]);
  if (takes === null || returns === null) return null;
  return Object.freeze({
    takes,
    names: Object.freeze(passed.map(({ name }) => name ?? null)),
    defaults: passed.filter(({ defexpr }) => defexpr !== undefined).length,
    // The name of a single one is nobody's concern: it gives back a value, and no row.
    ...(isSet(bodies(stmt.options, "DefElem"), "security") ? { definer: true } : {}),
    returns: [...own.map(() => ""), ...given.map(given.length > 1 ? nameOf : () => "")]
      .map((name, at) => `${name}${returns[at]}`)
      .join(", "),
    ...typeGiven(own[0]),
    ...rowsOf(given, stmt.returnType?.setof === true),
    text: routineText(stmt, atomic),
  });
}

/** By its whole name: rows may be those of a table in another schema. */
function typeGiven(type: TypeName | undefined): Pick<RoutineShape, "returnsType"> {
  const names = strings(type?.names);
  const name = names.at(-1);
  if (name === undefined) return {};
  return { returnsType: Object.freeze({ schema: names.at(-2) ?? null, name }) };
}

/** A single column that is no set is a value. */
function rowsOf(given: readonly FunctionParameter[], set: boolean): Pick<RoutineShape, "rows"> {
  const columns = given.flatMap(({ name = "", argType }) => {
    const [type] = typesOf([argType]) ?? [];
    return name === "" || type === undefined ? [] : { name, type };
  });
  if (columns.length < given.length || columns.length < (set ? 1 : 2)) return {};
  return { rows: Object.freeze({ set, columns: Object.freeze(columns) }) };
}

const GIVEN: ReadonlySet<string> = new Set(["FUNC_PARAM_OUT", "FUNC_PARAM_INOUT", "FUNC_PARAM_TABLE"]);

const nameOf = ({ name }: FunctionParameter): string => (name === undefined ? "" : `${name} `);

/** The types that DROP FUNCTION names; null where it names none, or one cannot be told. */
export function takenTypes(object: Node | undefined): readonly string[] | null {
  const named = body(object, "ObjectWithArgs");
  if (named === null || named.args_unspecified === true) return null;
  return typesOf((named.objargs ?? []).map((arg) => body(arg, "TypeName") ?? undefined));
}

/** Lengths and precisions are no part of a routine's types. */
function typesOf(types: readonly (TypeName | undefined)[]): readonly string[] | null {
  const told = types.map((type) => {
    const name = strings(type?.names).at(-1);
    if (type === undefined || name === undefined || type.pct_type === true) return null;
    return `${type.setof === true ? "setof " : ""}${name}${"[]".repeat(type.arrayBounds?.length ?? 0)}`;
  });
  return told.includes(null) ? null : Object.freeze(told.filter((type) => type !== null));
}
