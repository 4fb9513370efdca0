import { expressionProblem, functionsIn } from "../parse/columns.js";
import { STEADY_FUNCTIONS, VOLATILE_FUNCTIONS } from "./builtin-functions.js";
import { remembered } from "./remember.js";

/** Whether an expression must be computed row by row. */
export interface Volatility {
  readonly volatile: boolean;
  /** Functions whose volatility is not known, and which are therefore taken for volatile. */
  readonly unknown: readonly string[];
}

const STEADY: Volatility = Object.freeze({ volatile: false, unknown: Object.freeze([]) });
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
export const volatilityOf = remembered(readVolatility);

function readVolatility(expression: string): Volatility {
  if (LITERAL.test(expression)) return STEADY;
  if (expressionProblem(expression) !== null) return { volatile: true, unknown: [expression] };
  const called = functionsIn(expression);
  const own = called.filter((f) => f.schema === null || f.schema === "pg_catalog");
  const unknown = called.filter((f) => !own.includes(f) || !isKnown(f.name));
  const volatile = unknown.length > 0 || own.some((f) => VOLATILE_FUNCTIONS.has(f.name));
  return { volatile, unknown: unknown.map((f) => (f.schema === null ? f.name : `${f.schema}.${f.name}`)) };
}

function isKnown(name: string): boolean {
  return STEADY_FUNCTIONS.has(name) || VOLATILE_FUNCTIONS.has(name);
}
