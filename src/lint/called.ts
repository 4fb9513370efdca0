import type { EngineName } from "../engines/engine.js";
import type { Code } from "../model/detail/code.js";
import type { Operation, OtherOperation } from "../model/operation.js";
import type { Statement } from "../model/statement.js";

/**
 * The statements of a file, in which a CALL knows the body of a procedure that the file has made in front of it (MySQL,
 * MariaDB). A body that calls another routine, or runs text as SQL, stays unknown: what is missing there would be taken
 * for nothing.
 */
export function withCalledBodies(statements: readonly Statement[], engine: EngineName): readonly Statement[] {
  if (engine === "postgres") return statements;
  const bodies = new Map<string, Code>();
  return statements.map((statement) => {
    const operations = statement.operations.map((operation) => withBody(operation, bodies));
    for (const operation of operations) note(operation, bodies);
    return operations.every((one, at) => one === statement.operations[at]) ? statement : { ...statement, operations };
  });
}

function withBody(operation: Operation, bodies: ReadonlyMap<string, Code>): Operation {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (operation.kind !== "other" || detail?.kind !== "opaque" || detail.how !== "call") return operation;
  const code = detail.name === null || detail.code !== undefined ? undefined : bodies.get(keyOf(detail.name));
  return code === undefined ? operation : Object.freeze({ ...operation, detail: Object.freeze({ ...detail, code }) });
}

/** Names of procedures do not tell case apart. */
const keyOf = (name: string): string => name.replaceAll("`", "").toLowerCase();

function note(operation: Operation, bodies: Map<string, Code>): void {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail === undefined || !("object" in detail) || detail.object !== "procedure" || detail.name === null) return;
  const { schema, name } = detail.name;
  const key = keyOf(schema === null ? name : `${schema}.${name}`);
  const code = detail.kind === "create-object" ? detail.code : undefined;
  // IF NOT EXISTS may leave another one where it is.
  const told = detail.kind === "create-object" && !detail.ifNotExists && code !== undefined && isTold(code);
  if (told) bodies.set(key, code);
  else bodies.delete(key);
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
