import { DEEPEST_CALL, withProcedures } from "../engines/called-code.js";
import { changesNamedTable } from "../engines/postgres/extension-functions.js";
import type { Code, CodeOperation } from "../model/detail/code.js";
import { type RelationName, show } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { DetailOf } from "../model/operation-detail.js";
import { leavesAcls } from "./acls.js";
import { tablesOfCall } from "./calls.js";
import { keyOf } from "./key-of.js";
import { catalogOf, type Known } from "./known.js";
import { tableIn } from "./known-tables.js";
import { mayHaveRun, settled } from "./may-have-run.js";
import { get } from "./persistent-map.js";
import { forgetTable } from "./tables.js";
import { unknownRan, unknownRanOn } from "./unread-runs.js";

/** What is known after one operation: the replay itself. */
export type Apply = (known: Known, operation: Operation) => Known;

/** How code is carried out. */
interface Run {
  readonly apply: Apply;
  /** What is running, in words. */
  readonly what: string;
  /** The routines that are running. */
  readonly callers: readonly string[];
  /** It may not run, or more than once. */
  readonly isUncertain: boolean;
}

/** DO, and CALL of a procedure that files have made. */
export function applyBlock(known: Known, operation: OtherOperation, apply: Apply): Known {
  return ranBlock(known, operation, { apply, what: "", callers: [], isUncertain: false });
}

/** `SELECT create_hypertable('t')` is a call in the clothes of a query; a function in a query over rows is none. */
export function applyQuery(known: Known, query: DetailOf<"query">, apply: Apply): Known {
  return ranQuery(known, query, { apply, what: "", callers: [], isUncertain: false });
}

function ranBlock(known: Known, operation: OtherOperation, run: Run): Known {
  if (operation.harmless || (isDo(operation) && !mayCallSchema(known))) return known;
  const whole = withProcedures(operation, catalogOf(known));
  const detail = whole.kind === "other" && whole.detail?.kind === "opaque" ? whole.detail : null;
  const what = wordsFor(detail);
  const code = detail?.code;
  if (code === undefined) return withoutPassed(unknownRan(known, what), detail);
  return ranCode(known, code, { ...run, what }, unseen);
}

/** A procedure that is passed a table's name is called to change it (MySQL, MariaDB). */
function withoutPassed(known: Known, detail: DetailOf<"opaque"> | null): Known {
  const names = (detail?.passed ?? []).flatMap((text) => /^(['"])(.*)\1$/s.exec(text)?.[2] ?? []);
  return names.reduce((k, name) => forgetTable(k, { schema: null, name }), known);
}

function wordsFor(detail: DetailOf<"opaque"> | null): string {
  if (detail?.how === "do") return "a DO block whose SQL is not told";
  const name = detail?.procedure === undefined ? (detail?.name ?? null) : show(detail.procedure);
  return name === null ? "a block whose SQL is not told" : detail?.how === "call" ? `${name}()` : name;
}

/** A CALL that is left in a block whose procedures stand in the places of their calls. */
function unseen(known: Known, operation: OtherOperation): Known {
  const detail = operation.detail?.kind === "opaque" ? operation.detail : null;
  if (operation.harmless || (isDo(operation) && !mayCallSchema(known))) return known;
  return unknownRan(known, wordsFor(detail));
}

/** A block on PostgreSQL, a call of functions on MySQL and MariaDB. */
const isDo = ({ detail }: OtherOperation): boolean => detail?.kind === "opaque" && detail.how === "do";

/** A function may change a schema on PostgreSQL alone: MySQL and MariaDB refuse it in one, and in what it calls (1422, 1336). */
const mayCallSchema = ({ dialect }: Known): boolean => dialect === undefined;

/**
 * Code that has run. What it runs for certain is replayed, of what it may run only that is uncertain which it may change;
 * what it runs besides, untold, is noted.
 */
function ranCode(known: Known, code: Code, run: Run, inner: (k: Known, o: OtherOperation, run: Run) => Known): Known {
  if (code.operations.some(undoes)) return unknownRan(known, run.what);
  const after = code.operations.reduce((k, entry) => ranEntry(k, entry, run, inner), known);
  if (code.unknown.length === 0) return after;
  const left = unknownRan(after, run.what);
  return leavesAcls(code) && left.source === "files" ? { ...left, acls: after.acls } : left;
}

/** ROLLBACK inside a block undoes what it did since the last COMMIT, and what ran before it. */
function undoes({ operation }: CodeOperation): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "transaction" && detail.undoesSchema === true && detail.action !== "commit";
}

function ranEntry(
  known: Known,
  { operation, repeated, conditional, settled: isSettled }: CodeOperation,
  run: Run,
  inner: (k: Known, o: OtherOperation, run: Run) => Known,
): Known {
  const isUncertain = run.isUncertain || repeated || conditional;
  const within = { ...run, isUncertain };
  if (operation.kind === "other" && operation.detail?.kind === "query")
    return ranQuery(known, operation.detail, within);
  if (operation.kind === "other" && operation.detail?.kind === "opaque") return inner(known, operation, within);
  if (!isUncertain) return run.apply(known, operation);
  // Of what is made where nothing has its name, what has it is not certain.
  const makes = operation.kind === "other" && operation.detail?.kind === "create-object";
  if (isSettled === true && !run.isUncertain && !makes) return run.apply(known, settled(operation));
  return isForeignKey(operation)
    ? mayHaveRun(known, run.apply(known, operation), operation, run.what)
    : unshared(known, (k) => mayHaveRun(k, run.apply(k, operation), operation, run.what));
}

/** It counts as there whether it has run or not, and a table may get thousands. */
const isForeignKey = (operation: Operation): boolean =>
  operation.kind === "other" &&
  operation.detail?.kind === "add-constraint" &&
  operation.detail.constraint.kind === "foreign-key";

/** What is known before is looked at behind the change, too: its lists must not grow meanwhile. */
function unshared(known: Known, change: (known: Known) => Known): Known {
  const { growing, ...fixed } = known;
  if (growing === undefined) return change(known);
  const after = change(fixed);
  return after === fixed ? known : { ...after, growing };
}

function ranQuery(known: Known, { reads, calls = [], passed = [] }: DetailOf<"query">, run: Run): Known {
  if (reads.length > 0 || !mayCallSchema(known)) return known;
  return calls.reduce((k, name) => ranCall(k, name, passed.flat(), run), known);
}

/** What a routine does that files have made; which one of several is called is not worked out. */
function ranCall(known: Known, name: RelationName, texts: readonly string[], run: Run): Known {
  const key = keyOf(known, name);
  // One that calls itself does what it does.
  if (run.callers.includes(key)) return known;
  const what = `${show(name)}()`;
  const [only, another] = get(known.routines, key) ?? [];
  const code = another === undefined ? only?.code : undefined;
  // What a tool is known for tells more than a body that builds its SQL.
  const isTold = only !== undefined && !(changesNamedTable(name) && code?.unknown.length !== 0);
  if (isTold && code !== undefined && run.callers.length < DEEPEST_CALL)
    return ranCode(known, code, { ...run, what, callers: [...run.callers, key] }, ranBlock);
  const tables = isTold ? null : tablesOfCall(name, texts);
  if (tables === null) return unknownRan(known, what);
  return tables
    .filter((relation) => tableIn(known, relation) !== null)
    .reduce((k, relation) => unknownRanOn(k, what, relation), known);
}
