import { DEEPEST_CALL, inPlaceOf } from "../engines/called-code.js";
import type { EngineName } from "../engines/engine.js";
import { isWhole, mayHaveRoutine, storedCode } from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { Code, CodeOperation, UnknownCode } from "../model/detail/code.js";
import { show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Span } from "../model/span.js";
import type { Statement } from "../model/statement.js";

/**
 * The statements of a file, in which a CALL knows what the procedure does that the file, or one before it, has made, with what the
 * routines do that this calls (MySQL, MariaDB). Those that no file tells of are named there.
 *
 * @param before what is known before the file
 */
export function withCalledBodies(
  statements: readonly Statement[],
  engine: EngineName,
  before: Catalog,
): readonly Statement[] {
  if (engine === "postgres" || !statements.some(({ operations }) => operations.some(isCall))) return statements;
  const bodies = bodiesIn(before);
  return statements.map((statement) => {
    const operations = statement.operations.map((operation) => withBody(operation, bodies));
    for (const operation of operations) note(operation, bodies, before);
    return operations.every((one, at) => one === statement.operations[at]) ? statement : { ...statement, operations };
  });
}

const isCall = (operation: Operation): boolean => calledProcedure(operation) !== null;

/** The name of the procedure that is called, as written. */
function calledProcedure(operation: Operation): string | null {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "opaque" && detail.how === "call" ? detail.name : null;
}

/** A routine's body, and whether the file itself has made it: what another file does has its place where it is called. */
interface Body {
  readonly code: Code;
  readonly isHere: boolean;
}

/** By what the routine is, and its name: `untold` where one of another body may be there, `none` where the file has dropped it. */
type Bodies = Map<string, Body | "untold" | "none">;

const ROUTINES: ReadonlySet<string> = new Set(["procedure", "function"]);

function bodiesIn(catalog: Catalog): Bodies {
  const routines = storedCode(catalog).filter(({ object }) => ROUTINES.has(object));
  return new Map(
    routines.map(({ object, name, code, unsure }) => [
      keyOf(object, show(name)),
      unsure === true ? "untold" : { code, isHere: false },
    ]),
  );
}

function withBody(operation: Operation, bodies: Bodies): Operation {
  const name = calledProcedure(operation);
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (operation.kind !== "other" || name === null || detail?.kind !== "opaque" || detail.code !== undefined)
    return operation;
  const key = keyOf("procedure", name);
  const body = bodies.get(key);
  if (typeof body !== "object") return operation;
  const done = followed(body, { bodies, callers: [key], span: operation.span, calls: { count: 0 } });
  const { untold: _, ...own } = body.code;
  const untold = done.untold.length === 0 ? {} : { untold: Object.freeze([...new Set(done.untold)]) };
  const code = Object.freeze({
    ...own,
    ...untold,
    ...(body.isHere ? {} : { span: operation.span }),
    operations: Object.freeze(done.operations),
    unknown: Object.freeze(done.unknown),
  });
  return Object.freeze({ ...operation, detail: Object.freeze({ ...detail, code }) });
}

/** What code does, with what it calls; which of that no file tells, and what nobody can read. */
interface Followed {
  readonly operations: readonly CodeOperation[];
  readonly untold: readonly string[];
  readonly unknown: readonly UnknownCode[];
}

interface Following {
  readonly bodies: Bodies;
  /** The routines that are running. */
  readonly callers: readonly string[];
  /** Where the first of them is called. */
  readonly span: Span;
  /** How many calls have been followed. */
  readonly calls: { count: number };
}

const all = (parts: readonly Followed[]): Followed => ({
  operations: parts.flatMap(({ operations }) => operations),
  untold: parts.flatMap(({ untold }) => untold),
  unknown: parts.flatMap(({ unknown }) => unknown),
});

function followed({ code, isHere }: Body, following: Following): Followed {
  const { span } = following;
  const entries = isHere
    ? code.operations
    : code.operations.map((entry) => Object.freeze({ ...entry, operation: { ...entry.operation, span } }));
  const own = code.unknown.map((one) => (isHere ? one : Object.freeze({ ...one, span })));
  const read = code.language === "sql" ? [] : [unseen("what is written in another language is not read", span)];
  const inner = all(entries.map((entry) => followedEntry(entry, following)));
  return { ...inner, unknown: [...own, ...read, ...inner.unknown] };
}

function followedEntry(entry: CodeOperation, following: Following): Followed {
  const { operation } = entry;
  const kept = { operations: [entry], untold: [], unknown: [] };
  if (operation.kind !== "other" || operation.harmless) return kept;
  const { detail } = operation;
  if (detail?.kind === "query")
    return all([kept, ...(detail.calls ?? []).map((name) => called(entry, "function", show(name), following))]);
  if (detail?.kind !== "opaque" || detail.code !== undefined) return kept;
  if (detail.how === "call" && detail.name !== null) return called(entry, "procedure", detail.name, following);
  return { ...kept, unknown: [unseen(`what ${detail.name ?? operation.what} runs is not seen`, operation.span)] };
}

const unseen = (message: string, span: Span): UnknownCode => Object.freeze({ span, why: "dynamic", message });

/** What a routine does in the place of its call. One that calls itself does what it does. */
function called(entry: CodeOperation, object: string, name: string, following: Following): Followed {
  const { bodies, callers, calls } = following;
  const key = keyOf(object, name);
  if (callers.includes(key)) return all([]);
  const body = bodies.get(key);
  if (typeof body !== "object" || callers.length >= DEEPEST_CALL)
    return { operations: object === "procedure" ? [entry] : [], untold: [name], unknown: [] };
  const inner = followed(body, { ...following, callers: [...callers, key] });
  return { ...inner, operations: inPlaceOf(entry, inner.operations, calls.count++) };
}

/** Names of routines do not tell case apart. */
const keyOf = (object: string, name: string): string => `${object} ${name.replaceAll("`", "").toLowerCase()}`;

/** @param before what is known before the file */
function note(operation: Operation, bodies: Bodies, before: Catalog): void {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail === undefined || !("object" in detail) || !ROUTINES.has(detail.object) || detail.name === null) return;
  const key = keyOf(detail.object, show(detail.name));
  if (detail.kind === "create-object") {
    const { code, ifNotExists } = detail;
    // IF NOT EXISTS leaves where it is what is there.
    if (ifNotExists && bodies.has(key) && bodies.get(key) !== "none") return;
    const isFirst =
      !ifNotExists || bodies.has(key) || (isWhole(before) && !mayHaveRoutine(before, detail.object, detail.name));
    bodies.set(key, code !== undefined && isFirst ? { code, isHere: true } : "untold");
  } else if (detail.kind !== "alter-object") bodies.set(key, "none");
}
