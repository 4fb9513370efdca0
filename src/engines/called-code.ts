import type { Catalog } from "../model/catalog.js";
import type { Code, CodeOperation } from "../model/detail/code.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import { branchesCalled, exitsCalled } from "./code-states.js";
import { knownRoutines } from "./table-lookup.js";

/** A routine that calls others, and they others still, is followed as far as this. */
export const DEEPEST_CALL = 4;

/** What the routines of a name do, as files made them; null where any of it is not known. */
export function calledCode(catalog: Catalog, name: RelationName): readonly Code[] | null {
  const told = toldCode(catalog, name);
  return told === null || told.some(({ unknown }) => unknown.length > 0) ? null : told;
}

/**
 * The same of routines that also run SQL which they put together when they run, where no text in their bodies can be a part of
 * SQL that takes away or changes what is there; null where anything else of what they do is not known.
 */
export function toldCode(catalog: Catalog, name: RelationName): readonly Code[] | null {
  const routines = knownRoutines(catalog, name) ?? [];
  const codes = routines.flatMap(({ code, text }) => {
    if (code === undefined || code.unknown.some(({ why }) => why !== "dynamic")) return [];
    return code.unknown.length > 0 && mayPutTogetherDanger(text) ? [] : [code];
  });
  return routines.length > 0 && codes.length === routines.length ? codes : null;
}

const TEXT = /'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/g;
const DANGER =
  /\b(?:alter|call|cluster|delete|detach|disable|drop|index|lock|merge|refresh|reindex|rename|replace|revoke|rule|trigger|truncate|update|vacuum)\b/i;

/** Whether the texts in a body have words of SQL that others notice. */
const mayPutTogetherDanger = (body: string): boolean => (body.match(TEXT) ?? []).some((text) => DANGER.test(text));

/**
 * The operation with what the procedures do that it calls, in the places of the calls, as far as files made them: CALL, and
 * a block that has CALLs in it (PostgreSQL). Which of several procedures of a name is meant is not worked out.
 */
export function withProcedures(operation: Operation, catalog: Catalog, depth = 1): Operation {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind !== "opaque" || depth > DEEPEST_CALL) return operation;
  const called = detail.procedure === undefined ? null : calledCode(catalog, detail.procedure);
  const code = detail.code ?? (called?.length === 1 ? called[0] : undefined);
  if (code === undefined) return operation;
  const isCall = detail.code === undefined;
  const moved = isCall ? code.operations.map((entry) => movedTo(entry, operation)) : code.operations;
  const operations = moved.flatMap((entry) => inlined(entry, catalog, depth));
  if (!isCall && operations.every((entry, at) => entry === moved[at])) return operation;
  return Object.freeze({
    ...operation,
    detail: Object.freeze({ ...detail, code: Object.freeze({ ...code, operations }) }),
  });
}

/** What another file does has its place where it is called. */
const movedTo = (entry: CodeOperation, { span }: Operation): CodeOperation =>
  Object.freeze({ ...entry, operation: Object.freeze({ ...entry.operation, span }) });

function inlined(entry: CodeOperation, catalog: Catalog, depth: number): readonly CodeOperation[] {
  const operation = withProcedures(entry.operation, catalog, depth + 1);
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (operation === entry.operation || detail?.kind !== "opaque") return [entry];
  return inPlaceOf(entry, detail.code?.operations ?? []);
}

/**
 * What stands in the place of a CALL runs as often as it, and under its conditions.
 *
 * @param call what tells the call from others of the same code
 */
export function inPlaceOf(
  entry: CodeOperation,
  called: readonly CodeOperation[],
  call = entry.operation.span.start,
): readonly CodeOperation[] {
  return called.map(({ settled, turns, ...inner }) =>
    Object.freeze({
      ...inner,
      ...placeOf(entry, inner),
      ...branchesCalled(entry.branch, call, inner.branch),
      ...(turns !== undefined && !entry.repeated ? { turns } : {}),
      ...(settled && !entry.conditional ? { settled } : {}),
    }),
  );
}

function placeOf(outer: CodeOperation, inner: CodeOperation): Partial<CodeOperation> {
  const either = (key: "guarded" | "behindExit" | "overWrites") =>
    outer[key] === true || inner[key] === true ? { [key]: true as const } : {};
  const few = (entry: CodeOperation) => !entry.repeated || entry.fewTurns === true;
  const repeated = outer.repeated || inner.repeated;
  return {
    repeated,
    conditional: outer.conditional || inner.conditional,
    fewTurns: repeated && few(outer) && few(inner),
    ...either("guarded"),
    ...either("behindExit"),
    ...exitsCalled(outer, inner),
    ...either("overWrites"),
  };
}
