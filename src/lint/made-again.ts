import { schemasNamed, tablesNamed } from "../engines/rights.js";
import type { Operation } from "../model/operation.js";
import type { Statement } from "../model/statement.js";

/** What a transaction does behind a statement, found by the name that it is about. */
export interface Later {
  /** Operations behind a statement, up to the end of its transaction, that make something of this name, give it to a table or view, or grant it; of a table, those that make it, add a column or constraint, or set its replica identity; of a view, those that write in its place. */
  named(statement: Statement, name: string): readonly Operation[];
  /** Operations of the file behind a statement that make tables and other things by the name of what an operation drops. */
  makes(statement: Statement, dropped: Operation): readonly Operation[];
  /**
   * What stands behind a statement, up to the end of its transaction, or where it stands in none of the file; null where that end is not certain,
   * and where what stands there writes rows or runs code.
   */
  quietly(statement: Statement, inTransaction: boolean): Behind | null;
  /** The file itself ends the transaction of a statement by ROLLBACK. */
  isUndone(statement: Statement): boolean;
}

/** What stands between a statement and the end of its transaction, or of the file. */
export interface Behind {
  /** The number of the statement that ends it: the same for all statements of one transaction. */
  readonly end: number;
  operations(): readonly Operation[];
}

interface Made {
  /** Which statement of the file it stands in. */
  readonly at: number;
  readonly operation: Operation;
}

/** In the place of a name: GRANT ON ALL TABLES IN SCHEMA is about every one. */
const WHOLE_SCHEMA = "\0";

/** Whether an operation makes something of a name, as `Later.named` tells it. */
export function isAbout(operation: Operation, name: string): boolean {
  return namesMade(operation).some((one) => one === name || one === WHOLE_SCHEMA);
}

const NOTHING: readonly Operation[] = Object.freeze([]);

/** @param ends whether a statement ends a transaction */
export function laterIn(statements: readonly Statement[], ends: (operation: Operation) => boolean): Later {
  const limits = limitsOf(statements, ends);
  const places = new Map(statements.map((statement, at) => [statement, at]));
  const byName = listed(statements, namesMade);
  const code = codeBehind(statements);
  let creations: ReadonlyMap<string, readonly Made[]> | null = null;
  return {
    makes(statement, dropped) {
      const name = nameDropped(dropped);
      if (name === null) return NOTHING;
      creations ??= listed(statements, namesCreated);
      const at = places.get(statement) ?? statements.length;
      return (creations.get(name) ?? []).filter((made) => made.at > at).map(({ operation }) => operation);
    },
    isUndone(statement) {
      const end = statements[limits[places.get(statement) ?? -1] ?? -1];
      return end?.operations.some(isRollback) === true;
    },
    quietly(statement, inTransaction) {
      const at = places.get(statement);
      const limit = at === undefined ? 0 : inTransaction ? (limits[at] ?? 0) : statements.length;
      if (at === undefined || limit <= at || (code[at] ?? 0) < limit) return null;
      const operations = () => statements.slice(at + 1, limit).flatMap((behind) => behind.operations);
      return { end: limit, operations };
    },
    named(statement, name) {
      const at = places.get(statement) ?? statements.length;
      const limit = limits[at] ?? 0;
      const isBehind = (made: Made) => made.at > at && made.at < limit;
      const own = byName.get(name)?.filter(isBehind) ?? [];
      const whole = byName.get(WHOLE_SCHEMA)?.filter(isBehind) ?? [];
      if (own.length + whole.length === 0) return NOTHING;
      return [...own, ...whole].toSorted((a, b) => a.at - b.at).map(({ operation }) => operation);
    },
  };
}

function listed(
  statements: readonly Statement[],
  namesOf: (operation: Operation) => readonly string[],
): ReadonlyMap<string, readonly Made[]> {
  const byName = new Map<string, Made[]>();
  for (const [at, { operations }] of statements.entries())
    for (const operation of operations)
      for (const name of namesOf(operation)) {
        const list = byName.get(name) ?? [];
        list.push({ at, operation });
        byName.set(name, list);
      }
  return byName;
}

/** What DROP ... IF EXISTS names. */
function nameDropped(operation: Operation): string | null {
  if (operation.kind !== "other") return null;
  const { detail, relation } = operation;
  if ((detail?.kind !== "drop-table" && detail?.kind !== "drop-object") || !detail.ifExists) return null;
  return (detail.kind === "drop-table" ? relation?.name : detail.name?.name) ?? null;
}

function namesCreated(operation: Operation): readonly string[] {
  if (operation.kind === "create-table") return [operation.relation.name];
  const detail = operation.kind === "other" ? operation.detail : undefined;
  return detail?.kind === "create-object" && detail.name !== null ? [detail.name.name] : [];
}

/** Of each statement, up to where what stands behind it belongs to the same transaction for certain. */
function limitsOf(statements: readonly Statement[], ends: (operation: Operation) => boolean): readonly number[] {
  const limits: number[] = new Array(statements.length);
  let limit = statements.length;
  for (let at = statements.length - 1; at >= 0; at--) {
    limits[at] = limit;
    const operations = statements[at]?.operations ?? [];
    if (operations.some(ends)) limit = at;
    else if (operations.some(goesBack)) limit = 0;
  }
  return limits;
}

/** Of each statement, the next one behind it that runs code; as many as there are where none does. */
function codeBehind(statements: readonly Statement[]): readonly number[] {
  const next: number[] = new Array(statements.length);
  let code = statements.length;
  for (let at = statements.length - 1; at >= 0; at--) {
    next[at] = code;
    if (statements[at]?.operations.some(runsCode)) code = at;
  }
  return next;
}

/** It may call a routine, or fire a trigger. */
function runsCode(operation: Operation): boolean {
  if (operation.kind !== "other" || operation.harmless) return false;
  const { detail } = operation;
  return detail === undefined || CODE.has(detail.kind);
}

const CODE: ReadonlySet<string> = new Set(["data-change", "explain", "opaque", "query", "refresh-view", "truncate"]);

const isRollback = (operation: Operation): boolean =>
  operation.kind === "other" && operation.detail?.kind === "transaction" && operation.detail.action === "rollback";

/** What was made before ROLLBACK TO SAVEPOINT may be gone again. */
const goesBack = (operation: Operation): boolean =>
  operation.kind === "other" &&
  operation.detail?.kind === "transaction" &&
  operation.detail.action === "rollback-to-savepoint";

function namesMade(operation: Operation): readonly string[] {
  if (operation.kind === "add-column" || operation.kind === "create-table") return [operation.relation.name];
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (
    detail?.kind === "switch" ||
    detail?.kind === "add-constraint" ||
    detail?.kind === "set-default" ||
    detail?.kind === "add-identity" ||
    (detail?.kind === "set-table-option" && detail.option === "REPLICA IDENTITY")
  )
    return operation.relation === null ? [] : [operation.relation.name];
  if (detail?.kind === "rename-object") return [detail.to];
  if (detail?.kind === "query")
    return (detail.counts ?? []).map((one) => ("of" in one ? one.of.name : one.sequence.name));
  if (detail?.kind === "drop-object")
    return detail.takes === undefined || detail.name === null ? [] : [detail.name.name];
  if (detail?.kind === "create-object") {
    const own = detail.name === null ? [] : [detail.name.name];
    const instead = detail.insteadOf !== undefined || detail.trigger?.timing === "instead of";
    return (instead || detail.policy !== undefined) && operation.relation !== null
      ? [...own, operation.relation.name]
      : own;
  }
  if (detail?.kind !== "privileges" || detail.action !== "grant") return [];
  const on = detail.on ?? "";
  if (schemasNamed(on).length > 0) return [WHOLE_SCHEMA];
  return detail.targets?.map(({ name }) => name.name) ?? tablesNamed(on).map(({ name }) => name);
}
