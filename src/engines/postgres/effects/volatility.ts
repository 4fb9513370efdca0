import type { Catalog } from "../../../model/catalog.js";
import type { RelationName } from "../../../model/name.js";
import { isSteadyFunction } from "../../table-lookup.js";
import { expressionProblem, functionsIn } from "../parse/columns.js";
import { STEADY_FUNCTIONS, VOLATILE_FUNCTIONS } from "./builtin-functions.js";
import { remembered } from "./remember.js";

/** Whether an expression must be computed row by row. */
export interface Volatility {
  readonly volatile: boolean;
  /** Functions whose volatility is not known, and which are therefore taken for volatile. */
  readonly unknown: readonly string[];
}

/** The same, and why. */
interface Read {
  readonly found: Volatility;
  /** The functions of `unknown`, in the same order; none where the expression cannot be read. */
  readonly called: readonly RelationName[];
  /** It is volatile whatever the unknown functions are. */
  readonly certain: boolean;
}

const STEADY: Read = Object.freeze({
  found: Object.freeze({ volatile: false, unknown: Object.freeze([]) }),
  called: Object.freeze([]),
  certain: false,
});
/** Numbers, strings and the like, which are most defaults. */
const LITERAL = /^(?:-?\d+(?:\.\d+)?|'(?:[^']|'')*'|true|false|null)$/i;

/**
 * The volatility of a default. PostgreSQL computes a default without volatile functions once, when the column is added,
 * and rewrites the table for any other.
 *
 * @example
 * volatilityOf("now()")            // { volatile: false, unknown: [] }
 * volatilityOf("app.next_code()")  // { volatile: true, unknown: ["app.next_code"] }
 */
export const volatilityOf = (expression: string): Volatility => readVolatility(expression).found;

const readVolatility = remembered((expression: string): Read => {
  if (LITERAL.test(expression)) return STEADY;
  if (expressionProblem(expression) !== null)
    return { found: { volatile: true, unknown: [expression] }, called: [], certain: true };
  const functions = functionsIn(expression);
  const own = functions.filter((f) => f.schema === null || f.schema === "pg_catalog");
  const called = functions.filter((f) => !own.includes(f) || !isKnown(f.name));
  const certain = own.some((f) => VOLATILE_FUNCTIONS.has(f.name));
  const unknown = called.map((f) => (f.schema === null ? f.name : `${f.schema}.${f.name}`));
  return { found: { volatile: certain || called.length > 0, unknown }, called, certain };
});

/** The same in a schema whose functions are known: those that are IMMUTABLE or STABLE are not taken for volatile. */
export function volatilityIn(expression: string, catalog: Catalog): Volatility {
  const { found, called, certain } = readVolatility(expression);
  if (called.length === 0) return found;
  const unknown = found.unknown.filter((_, at) => !called[at] || !isSteadyFunction(catalog, called[at]));
  return { volatile: certain || unknown.length > 0, unknown };
}

function isKnown(name: string): boolean {
  return STEADY_FUNCTIONS.has(name) || VOLATILE_FUNCTIONS.has(name);
}
