import { type RawRoutine, rawRoutine } from "../../library.js";
import type { Declared } from "./declarations.js";
import { at, functionOf, listOf, visit } from "./tree.js";

/** A routine's text, and how it reads with other types. */
export interface RoutineText {
  readonly declared: readonly Declared[];
  /** The type of a variable as it is written. */
  typeOf(variable: Declared): string;
  /** The statement with other types in the place of those that are written. */
  withTypes(types: ReadonlyMap<Declared, string>): string;
}

/** A routine's tree, and the variables that were taken for values, though no type of the server's own is theirs. */
export type TypedRoutine = RawRoutine & { readonly values?: readonly Declared[] };

/** What plpgsql says of a variable that is a row where only a value may stand, and the other way round. */
const ABOUT_TYPES =
  /is not a scalar variable$|^record variable cannot be part of|is not a known variable$|at or near ","$/;
const ONLY_ROWS = /^(?:record|refcursor)$|%\s*rowtype$/i;
const VALUE = "text";

/**
 * The tree of a routine whose types may be of the database. The library knows none of those, and takes an enum, a domain or
 * an extension's type for a row, and `%ROWTYPE` for a value. So where it rejects a body for that, the variables are what the
 * body uses them for: values where they stand in a list of targets, rows where one of their fields is a target.
 */
export function typedRoutine(text: RoutineText): TypedRoutine {
  const first = rawRoutine(text.withTypes(new Map()));
  if (!("message" in first) || !ABOUT_TYPES.test(first.message)) return first;
  const types = new Map(
    text.declared.filter((one) => !ONLY_ROWS.test(text.typeOf(one))).map((one) => [one, VALUE] as const),
  );
  const found = withRows(text, types);
  if ("message" in found) return found;
  const listed = listedTargets(found.tree);
  const values = [...types].filter(([{ name }, type]) => type === VALUE && listed.has(name)).map(([one]) => one);
  // The others keep their types: tables whose rows they may hold.
  const kept = new Map([...types].filter(([one, type]) => type !== VALUE || values.includes(one)));
  const exact = rawRoutine(text.withTypes(kept));
  return { ...("message" in exact ? found : exact), values };
}

/** Makes rows of those variables of which a field is a target, one after the other. */
function withRows(text: RoutineText, types: Map<Declared, string>): RawRoutine {
  for (let turn = 0; turn <= text.declared.length; turn++) {
    const routine = rawRoutine(text.withTypes(types));
    const variable = "message" in routine ? /^"(.+?)\..*" is not a known variable$/s.exec(routine.message)?.[1] : null;
    const rows = text.declared.filter(({ name }) => name === variable);
    if (rows.length === 0) return routine;
    // A name that the library does not know is one of rows for it.
    for (const row of rows) types.set(row, text.typeOf(row).replace(/%\s*rowtype$/i, ""));
  }
  return rawRoutine(text.withTypes(types));
}

/** The variables that stand in a list of targets, or take a value of GET DIAGNOSTICS. */
function listedTargets(tree: unknown): ReadonlySet<string> {
  const datums = listOf(at(functionOf(tree), "datums"));
  const numbers: unknown[] = [];
  visit(at(functionOf(tree), "action"), "fields", (fields) => {
    const all = listOf(fields);
    if (all.length > 1) numbers.push(...all.map((field) => at(field, "varno")));
  });
  visit(tree, "PLpgSQL_diag_item", (item) => numbers.push(at(item, "target")));
  return new Set(numbers.map((number) => String(at(at(datums[Number(number ?? 0)], "PLpgSQL_var"), "refname"))));
}
