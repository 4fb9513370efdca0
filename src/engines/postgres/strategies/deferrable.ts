import type { Constraint, Table } from "../../../model/catalog.js";
import { show } from "../../../model/name.js";
import { Refusal } from "../../engine.js";
import { sizeOf } from "../../table-size.js";

/** Bytes of a table whose index may be built under a lock: it is over before anybody notices. */
const SMALL = 4 * 1024 * 1024;

/** ` DEFERRABLE INITIALLY DEFERRED`, as the definition says it; else nothing. */
export const suffixOf = ({ definition }: Pick<Constraint, "definition">): string =>
  /\)((?: (?:NOT )?DEFERRABLE| INITIALLY (?:DEFERRED|IMMEDIATE))*)$/i.exec(definition)?.[1] ?? "";

const isKey = ({ kind }: Constraint): boolean => kind === "unique" || kind === "primary-key";

/** Its rows are compared at the end of a statement, or of a transaction. */
const isLate = (c: Constraint): boolean => /(?<!NOT )DEFERRABLE|INITIALLY DEFERRED/i.test(suffixOf(c));

/** A key whose rows may be equal until the end of a statement, or of a transaction. */
export const isDeferrable = (c: Constraint): boolean => isKey(c) && isLate(c);

/** What a constraint compares of rows, and which of them it is about. */
const comparedBy = ({ constraints, indexes }: Table) =>
  constraints
    .filter((c) => isLate(c) && (isKey(c) || c.kind === "exclusion"))
    .map((c) => {
      const index = c.kind === "exclusion" ? indexes.find((i) => i.constraint === c.name) : undefined;
      return { name: c.name, columns: [...new Set([...c.columns, ...(index?.columns ?? [])])] };
    });

/** The first deferrable constraint that compares rows by a column that changes, and that column; null for none. */
export function lateOver(table: Table, changes: (column: string) => boolean): { name: string; column: string } | null {
  const over = comparedBy(table).flatMap(({ name, columns }) =>
    columns.filter(changes).map((column) => ({ name, column })),
  );
  return over[0] ?? null;
}

/**
 * An index that is built CONCURRENTLY is asked at once, and `SET CONSTRAINTS` names no copy: statements that the constraint
 * lets through would fail between the end of the backfill and the drop. So the swap builds it, under its lock.
 *
 * @throws Refusal where that would hold others up
 */
export function refuseDeferrable(table: Table, constraints: readonly Constraint[]): void {
  const deferrable = constraints.find(isDeferrable);
  if (deferrable === undefined) return;
  const where = show(table.relation);
  const help = `Drop ${deferrable.name} in an earlier migration, and add it again in a later one; or make the change in a maintenance window.`;
  if (deferrable.kind === "primary-key")
    throw new Refusal(
      `The primary key ${deferrable.name} of ${where} is DEFERRABLE: an index that is built beside running code is asked at once, and statements that the key lets through would fail.`,
      help,
    );
  if ((table.bytes ?? SMALL + 1) <= SMALL) return;
  const large =
    table.bytes === null ? `how large ${where} is is not known` : `${where} (${sizeOf(table)}) is larger than 4 MiB`;
  throw new Refusal(
    `${deferrable.name} of ${where} is DEFERRABLE: an index that is built beside running code is asked at once, and statements that the constraint lets through would fail. It can only be built under a lock, and ${large}.`,
    help,
  );
}
