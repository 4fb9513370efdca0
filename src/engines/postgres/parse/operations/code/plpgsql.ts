import { catchesDone, existenceAsked } from "./guard.js";

/** A piece of SQL in a plpgsql body, in the order of the text. */
export interface Piece {
  /** `statement` runs as it is, `expression` is a value, `dynamic` a value that is run as SQL. */
  readonly kind: "statement" | "expression" | "dynamic" | "commit" | "rollback";
  /** As plpgsql hands it to SQL; empty for COMMIT and ROLLBACK. */
  readonly query: string;
  /** Line of the statement that holds it, from 1, within the body. */
  readonly line: number;
  readonly repeated: boolean;
  /** All loops that it stands in have as many turns as their text says, which are few, or as the queries of `turns` find rows. */
  readonly fewTurns: boolean;
  readonly turns: readonly string[];
  readonly conditional: boolean;
  /** The branches that it stands in, the outermost first: what stands in the same one runs with it. */
  readonly branch: readonly number[];
  /**
   * Where nothing but questions whether something is there, and the server's word that it is, keep it from running: these
   * questions, each of which must be about what it does. Null where anything else may.
   */
  readonly asked: readonly string[] | null;
  /** It stands in a block in front of its EXCEPTION. */
  readonly guarded: boolean;
  /** It stands behind a RETURN that depends on a condition. */
  readonly behindExit: boolean;
  /** How many RETURN that depend on a condition, EXIT and CONTINUE stand in front of it. */
  readonly exits: number;
  /** It stands in a loop over the rows of a statement that writes. */
  readonly overWrites: boolean;
  /** `AND CHAIN`. */
  readonly chain: boolean;
  /** It belongs to a declaration: the tree has those of all blocks in front. */
  readonly declared: boolean;
  /** Its rows are what the routine gives back: RETURN QUERY. */
  readonly returned: boolean;
}

interface Place {
  readonly line: number;
  readonly repeated: boolean;
  readonly fewTurns: boolean;
  readonly turns: readonly string[];
  readonly conditional: boolean;
  readonly branch: readonly number[];
  readonly asked: readonly string[] | null;
  readonly guarded: boolean;
  readonly behindExit: boolean;
  readonly exits: number;
  readonly overWrites: boolean;
  /** In a loop, and not in its body: the loop's query and bounds are asked once. */
  readonly header: boolean;
  readonly dynamic: boolean;
  readonly declared: boolean;
  readonly returned: boolean;
}

const LOOPS = /^PLpgSQL_stmt_(loop|while|fori|fors|forc|dynfors|foreach_a)$/;
/** Its condition is asked at each turn. */
const WHILE = "PLpgSQL_stmt_while";
const WRITES =
  /^(?:[\s'(]|\$\w*\$)*(?:(?:insert|update|delete|merge)\b|with\b.*\b(?:insert\s+into|update\s+\S+\s+set|delete\s+from|merge\s+into)\b)/is;
const BRANCHES: ReadonlySet<string> = new Set([
  "then_body",
  "elsif_list",
  "else_body",
  "case_when_list",
  "else_stmts",
  "exceptions",
]);
/** Statements of one branch. A body is one in front of EXCEPTION, and of a loop: of one turn. */
const SEQUENCES: ReadonlySet<string> = new Set(["then_body", "else_body", "else_stmts", "stmts", "action"]);
/** Statements whose one expression is text that is run. */
const DYNAMIC: ReadonlySet<string> = new Set(["PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"]);

/** Something that is still to be looked at, and the field that holds it. */
interface Todo {
  readonly key: string;
  readonly value: unknown;
  readonly place: Place;
}

/** The SQL of a routine, as libpg-query's plpgsql tree has it. Blocks may be nested deeper than the stack of calls is. */
export function piecesOf(tree: unknown): Piece[] {
  const pieces: Piece[] = [];
  const nowhere = {
    repeated: false,
    fewTurns: false,
    turns: [],
    conditional: false,
    branch: [],
    asked: [],
    guarded: false,
    behindExit: false,
    exits: 0,
    overWrites: false,
    header: false,
    returned: false,
  };
  const place = { line: 1, ...nowhere, dynamic: false, declared: false };
  const todo: Todo[] = [{ key: "", value: tree, place }];
  let [behindExit, exits, branches] = [false, 0, 0];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const piece = pieceAt(next);
    const isReturn = next.key === "PLpgSQL_stmt_return" && next.place.conditional;
    behindExit ||= isReturn;
    if (isReturn || next.key === "PLpgSQL_stmt_exit") exits += 1;
    if (piece !== null) pieces.push({ ...piece, behindExit, exits });
    else todo.push(...childrenOf(next, () => ++branches).reverse());
  }
  return pieces;
}

function pieceAt({ key, value, place }: Todo): Piece | null {
  if (key === "PLpgSQL_expr") return pieceOf(value as Expression, place);
  return key === "PLpgSQL_stmt_commit" || key === "PLpgSQL_stmt_rollback" ? endOf(key, value, place) : null;
}

function childrenOf({ key, value, place }: Todo, nextBranch: () => number): Todo[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.map((child: unknown) => ({ key, value: child, place: within(key, place) }));
  const line = (value as { lineno?: number }).lineno ?? place.line;
  // What stands in front of EXCEPTION is undone when one is caught.
  const conditional = place.conditional || "exceptions" in value;
  const inside = { ...within(key, place), line, ...(conditional ? { conditional } : {}) };
  const caught = { ...inside, guarded: true, asked: catchesDone(value) ? inside.asked : null };
  const question = key === "PLpgSQL_stmt_if" ? existenceAsked(value) : null;
  const overWrites = inside.overWrites || (inside.header && writes(value));
  const asked = LOOPS.test(key) ? queryOf(value) : null;
  const few = (asked !== null || hasFewTurns(value)) && (!place.repeated || place.fewTurns);
  const fewTurns = LOOPS.test(key) ? few : inside.fewTurns;
  const turns = asked === null ? inside.turns : [...inside.turns, asked];
  return inOrder(value).map(([name, child]) => {
    const guarded = name === "body" && "exceptions" in value;
    const isTurn = name === "body" && LOOPS.test(key);
    const branch = guarded || isTurn || SEQUENCES.has(name) ? [...inside.branch, nextBranch()] : inside.branch;
    const placed = { ...(guarded ? caught : inside), overWrites, fewTurns, turns, branch };
    if (name !== "then_body" || question === null || placed.asked === null)
      return { key: name, value: child, place: placed };
    // The branch as a body of its own, which has its condition with it.
    return { key: "body", value: child, place: { ...placed, conditional: true, asked: [...placed.asked, question] } };
  });
}

/** Whether a loop goes over the rows of a statement that writes them: `FOR r IN UPDATE t SET ... RETURNING id LOOP`. */
function writes(loop: object): boolean {
  const query = queryOf(loop);
  return query !== null && WRITES.test(query);
}

/** The query whose rows a loop goes over; null for another loop, and where it is text that is run. */
const queryOf = (loop: object): string | null =>
  (loop as { query?: { PLpgSQL_expr?: Expression } }).query?.PLpgSQL_expr?.query ?? null;

/** So many turns are no walk over a table. */
const FEW = 1000;
const LIST = /^\s*(?:array\s*\[[^[\]()]*\]|'\{[^{}']*\}')\s*(?:::\s*\w+\s*\[\s*\])?\s*$/i;

/** `FOREACH i IN ARRAY ARRAY[1, 2]`, `FOR i IN 1..3`: as many turns as are written. */
function hasFewTurns(loop: object): boolean {
  const parts = loop as Readonly<Record<string, { readonly PLpgSQL_expr?: Expression } | undefined>>;
  const textOf = (name: string) => parts[name]?.PLpgSQL_expr?.query;
  const [list, lower, upper] = [textOf("expr"), textOf("lower"), textOf("upper")];
  if (list !== undefined) return LIST.test(list) && list.split(",").length <= FEW;
  if (lower === undefined || upper === undefined || ![lower, upper].every((n) => /^\s*-?\d{1,15}\s*$/.test(n)))
    return false;
  return Math.abs(Number(upper) - Number(lower)) < FEW;
}

/** A loop's query stands before its body, which the tree has first. */
function inOrder(value: object): [string, unknown][] {
  const rank = (key: string) => (key === "body" ? 1 : key === "exceptions" ? 2 : 0);
  return Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
}

function within(key: string, place: Place): Place {
  if (key === "datums") return { ...place, declared: true };
  if (key === "PLpgSQL_stmt_return_query") return { ...place, returned: true };
  if (key === WHILE) return { ...place, repeated: true, dynamic: false };
  if (LOOPS.test(key)) return { ...place, header: true, dynamic: DYNAMIC.has(key) };
  if (key === "body" && place.header) return { ...place, repeated: true, header: false, dynamic: false };
  if (DYNAMIC.has(key)) return { ...place, dynamic: true };
  if (key === "dynquery") return { ...place, dynamic: true };
  if (BRANCHES.has(key)) return { ...place, conditional: true, asked: null, dynamic: false };
  // What stands behind USING are values.
  return key === "body" || key === "params" ? { ...place, dynamic: false } : place;
}

interface Expression {
  readonly query?: string;
  /** 0 is a statement, 2 an expression, 3 and more an assignment. */
  readonly parseMode?: number;
}

function pieceOf({ query = "", parseMode = 0 }: Expression, place: Place): Piece {
  const { dynamic, header: _, ...where } = place;
  if (dynamic) return { kind: "dynamic", query, chain: false, ...where };
  if (parseMode === 0) return { kind: "statement", query, chain: false, ...where };
  const value = parseMode >= ASSIGNMENT ? query.replace(/^.*?:?=(?!=)/su, "") : query;
  return { kind: "expression", query: value.trim(), chain: false, ...where };
}

const ASSIGNMENT = 3;

function endOf(key: string, child: unknown, { dynamic: _, header: __, ...where }: Place): Piece {
  const kind = key === "PLpgSQL_stmt_commit" ? "commit" : "rollback";
  const { lineno = where.line, chain = false } = child as { lineno?: number; chain?: boolean };
  return { kind, query: "", ...where, line: lineno, chain };
}
