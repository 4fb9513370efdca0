import { type ColumnsKept, type Engine, findTable, Refusal } from "../engines/engine.js";
import { applyOperation } from "../history/replay.js";
import type { Catalog } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import { show } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { Step } from "../model/step.js";

export interface Given {
  readonly engine: Engine;
  readonly catalog: Catalog;
}

const INDEXES = { index: "index", "fulltext-index": "FULLTEXT index" } as const;

/** What keeps a server from a step, for people: behind "that one". */
export function beside({ relation, kind, name, column }: ColumnsKept): string {
  const table = show(relation);
  if (kind === "unique-hash")
    return `has yet to change ${table}, which this server does not do beside the UNIQUE key ${name}, of which it keeps hashes, while the table is written`;
  if (kind === "sequence-default")
    return `has yet to exchange names of ${table} under a lock, which this server does not do while ${name} takes its default from a sequence`;
  const what =
    kind === "storage-engine"
      ? `once it is a table of the engine ${name}`
      : `beside the ${INDEXES[kind]} ${name}${column === null ? "" : ` over the virtual column ${column}`}`;
  return `has yet to drop a column of ${table}, or to make one NOT NULL, which this server does not do ${what} while the table is written`;
}

/** What keeps the server from one of the steps, by what it runs; null where nothing does. */
type Keeps = (steps: readonly Pick<Step, "sql">[]) => ColumnsKept | null;

/** The same for the table of an operation that makes it so; null where it does not, or it was so before. */
export function keptBy(operation: Operation, engine: Engine, before: Catalog, after: Catalog): Keeps | null {
  const { keepsColumns } = engine;
  if (keepsColumns === undefined || operation.relation === null) return null;
  const [was, is] = [findTable(before, operation.relation), findTable(after, operation.relation)];
  if (is === null) return null;
  return (steps) => {
    const step = steps.find(({ sql }) => keepsColumns(is, sql) !== null);
    if (step === undefined || (was !== null && keepsColumns(was, step.sql) !== null)) return null;
    return keepsColumns(is, step.sql);
  };
}

/** The operations of a migration, each with what it would keep the server from. */
export function* keptAfter(
  migration: Migration,
  { engine, catalog: first }: Given,
): Generator<{ readonly operation: Operation; readonly keeps: Keeps }> {
  if (engine.keepsColumns === undefined) return;
  let catalog = first;
  for (const operation of migration.statements.flatMap((s) => s.operations)) {
    const after = applyOperation(catalog, operation);
    const keeps = keptBy(operation, engine, catalog, after);
    catalog = after;
    if (keeps !== null) yield { operation, keeps };
  }
}

/** @throws Refusal when an operation keeps the server from what an earlier one of the same file has yet to do */
export function refuseKept(
  engine: Engine,
  steps: readonly Step[],
  operation: Operation,
  { before, after }: { readonly before: Catalog; readonly after: Catalog },
): void {
  const contract = steps.filter((s) => s.stage !== null);
  const kept = keptBy(operation, engine, before, after)?.(contract) ?? null;
  if (kept === null) return;
  throw new Refusal(
    `This file ${beside(kept)}.`,
    "Put this statement into a later migration: it begins when this one has contracted.",
  );
}

/**
 * The file drops in front what keeps the server from a step: that goes in the last stage of the contract.
 *
 * @throws Refusal
 */
export function refuseUntilGone(
  { engine, catalog: first }: Given,
  steps: readonly Step[],
  operation: Operation,
  now: Catalog,
): void {
  const { keepsColumns } = engine;
  if (keepsColumns === undefined || operation.relation === null || now === first) return;
  const [was, is] = [findTable(first, operation.relation), findTable(now, operation.relation)];
  if (was === null || is === null || was === is) return;
  const early = steps.filter((s) => s.stage !== "drop");
  const step = early.find(({ sql }) => keepsColumns(was, sql) !== null && keepsColumns(is, sql) === null);
  const kept = step === undefined ? null : keepsColumns(was, step.sql);
  if (kept === null) return;
  throw new Refusal(
    `This ${beside(kept)}: the file drops ${kept.name} in its contract, which is later.`,
    "Put this statement into a later migration: it begins when this one has contracted.",
  );
}

/**
 * The operation itself makes a UNIQUE key one of hashes, as a longer column does: no server does that beside writers.
 *
 * @throws Refusal
 */
export function refuseHashing(
  engine: Engine,
  steps: readonly Step[],
  operation: Operation,
  { before, after }: { readonly before: Catalog; readonly after: Catalog },
): void {
  const kept = keptBy(operation, engine, before, after)?.(steps) ?? null;
  if (kept?.kind !== "unique-hash") return;
  throw new Refusal(
    `With this the UNIQUE key ${kept.name} of ${show(kept.relation)} is too long for an index, and becomes one of hashes: this server makes such a key only by copying the table while writes wait.`,
    `Drop ${kept.name} in an earlier migration, and create one over the beginnings of its columns, or use pt-online-schema-change for this table.`,
  );
}
