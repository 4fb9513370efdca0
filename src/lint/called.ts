import type { EngineName } from "../engines/engine.js";
import { isWhole, mayHaveRoutine, storedCode } from "../engines/table-lookup.js";
import type { Catalog } from "../model/catalog.js";
import type { Code } from "../model/detail/code.js";
import type { RelationName } from "../model/name.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { Span } from "../model/span.js";
import type { Statement } from "../model/statement.js";

/**
 * The statements of a file, in which a CALL knows the body of a procedure that the file, or one before it, has made (MySQL,
 * MariaDB). A body that calls another routine, or runs text as SQL, stays unknown: what is missing there would be taken
 * for nothing.
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

const isCall = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "opaque" && operation.detail.how === "call";

/** A procedure's body, and whether the file itself has made it: what another file does has its place where it is called. */
interface Body {
  readonly code: Code;
  readonly isHere: boolean;
}

/** By the names of procedures: `none` where the file has dropped it. */
type Bodies = Map<string, Body | "untold" | "none">;

function bodiesIn(catalog: Catalog): Bodies {
  const told = storedCode(catalog).filter(
    ({ object, code, unsure }) => object === "procedure" && unsure !== true && isTold(code),
  );
  return new Map(told.map(({ name, code }) => [routineKey(name), { code, isHere: false }]));
}

function codeAt({ code, isHere }: Body, span: Span): Code {
  if (isHere) return code;
  const operations = code.operations.map((entry) => ({ ...entry, operation: { ...entry.operation, span } }));
  return Object.freeze({ ...code, span, operations: Object.freeze(operations) });
}

function withBody(operation: Operation, bodies: Bodies): Operation {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (operation.kind !== "other" || detail?.kind !== "opaque" || detail.how !== "call") return operation;
  const body = detail.name === null || detail.code !== undefined ? undefined : bodies.get(keyOf(detail.name));
  if (typeof body !== "object") return operation;
  const code = codeAt(body, operation.span);
  return Object.freeze({ ...operation, detail: Object.freeze({ ...detail, code }) });
}

/** Names of procedures do not tell case apart. */
const keyOf = (name: string): string => name.replaceAll("`", "").toLowerCase();

const routineKey = ({ schema, name }: RelationName): string => keyOf(schema === null ? name : `${schema}.${name}`);

/** @param before what is known before the file */
function note(operation: Operation, bodies: Bodies, before: Catalog): void {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail === undefined || !("object" in detail) || detail.object !== "procedure" || detail.name === null) return;
  const key = routineKey(detail.name);
  if (detail.kind !== "create-object") {
    bodies.set(key, "none");
    return;
  }
  const { code, ifNotExists } = detail;
  // IF NOT EXISTS leaves where it is what is there.
  if (ifNotExists && bodies.has(key) && bodies.get(key) !== "none") return;
  const isFirst =
    !ifNotExists || bodies.has(key) || (isWhole(before) && !mayHaveRoutine(before, "procedure", detail.name));
  bodies.set(key, code !== undefined && isFirst && isTold(code) ? { code, isHere: true } : "untold");
}

const isTold = ({ language, operations, unknown }: Code): boolean =>
  language === "sql" && unknown.length === 0 && operations.every(({ operation }) => !callsOthers(operation));

function callsOthers(operation: Operation): boolean {
  const { detail, harmless } = operation as Partial<OtherOperation>;
  if (operation.kind !== "other") return false;
  return detail === undefined
    ? harmless !== true
    : detail.kind === "opaque" || (detail.kind === "query" && harmless !== true);
}
