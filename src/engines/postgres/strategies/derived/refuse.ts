import type { Column, Constraint, Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import type { AddColumn, DropColumn } from "../../../../model/operation.js";
import { findTable, Refusal, type StrategyContext } from "../../../engine.js";
import type { Members } from "./members.js";

/** @throws Refusal where the operation itself lacks what the group needs of it */
export function refuseMissing(operation: AddColumn | DropColumn, members: Members): void {
  const own = operation.span.start;
  for (const { operation: o, up } of members.adds)
    if (o.span.start === own && up === null)
      throw new Refusal(
        `A column that goes is computed from ${o.column.name}, and nothing says what ${o.column.name} is for the rows that are there.`,
        `Write \`-- zmigrate:up EXPR\` in front of it, over the columns that are there.`,
      );
  for (const { operation: o, down } of members.drops)
    if (o.span.start === own && down === null)
      throw new Refusal(
        `Columns of this file are computed from ${o.column}, and nothing says what ${o.column} is for old code once new code writes those.`,
        `Write \`-- zmigrate:down EXPR\` in front of it, over the new columns.`,
      );
}

/** The first thing that an addition says beside its type, its default and NOT NULL; null where there is none. */
export function saidBeside({ column, ifNotExists }: AddColumn): string | null {
  const more = [
    ["a generated value", column.generated !== null],
    ["values that are counted", column.identity !== null || column.autoIncrement],
    ["a key", column.primaryKey || column.unique],
    ["a check", column.checks.length > 0],
    ["a foreign key", column.references !== null],
    ["IF NOT EXISTS", ifNotExists],
  ] as const;
  return more.find(([, has]) => has)?.[0] ?? null;
}

/** What an addition may say beside its type: NOT NULL. */
export function refuseMore(table: Table, operation: AddColumn): void {
  const { column } = operation;
  const what = column.default === null ? saidBeside(operation) : "a default";
  if (what === null) return;
  throw new Refusal(
    `${show(table.relation)}.${column.name} is computed from other columns while old code runs, and has ${what} beside.`,
    what === "a default" || what === "a generated value" || what === "values that are counted"
      ? "Leave it out, and add it in a later migration, once this one has contracted."
      : "Leave it out here and write a statement of its own, in a later migration.",
  );
}

export function refuseCascade({ cascade, ifExists, column }: DropColumn): void {
  if (cascade)
    throw new Refusal(
      "DROP COLUMN ... CASCADE drops whatever uses the column, seen or unseen.",
      "Leave CASCADE out and drop what uses the column by name.",
    );
  if (ifExists) throw new Refusal(`Others are computed from ${column}: it must be there.`, "Leave IF EXISTS out.");
}

/**
 * Old columns follow what new code writes: what forbids values in them fails its statements. A key of the table that the file
 * drops stays until the swap, an exclusion constraint until the drop; a check or a foreign key goes in expand.
 */
export function refuseRules(table: Table, column: Column, { beforeFile }: StrategyContext): void {
  const where = `${show(table.relation)}.${column.name}`;
  const names = (o: { readonly columns: readonly string[] }) => o.columns.includes(column.name);
  const former = beforeFile === undefined ? null : findTable(beforeFile, table.relation);
  const both = [table, ...(former === null ? [] : [former])];
  const exclusion = both.flatMap((t) => t.constraints).find((c) => c.kind === "exclusion" && names(c));
  const unique = both.flatMap((t) => t.indexes).find((i) => i.unique && names(i));
  if (exclusion === undefined && unique !== undefined)
    throw new Refusal(
      `${where} is unique, and what new code writes may become the same in it.`,
      `Drop ${unique.constraint === null ? "the unique index" : "the unique constraint"} ${unique.name} in an earlier migration.`,
    );
  // The database says no column of a check that reads the row as a whole, and a file names the table in it.
  const isColumn = (name: string) => table.columns.some((c) => c.name === name);
  const readsRow = (c: Constraint) => c.kind === "check" && (c.columns.length === 0 || !c.columns.every(isColumn));
  const isAsked = (c: Constraint) => ((c.kind === "check" || c.kind === "foreign-key") && names(c)) || readsRow(c);
  const rule = exclusion ?? table.constraints.find(isAsked);
  if (rule === undefined) return;
  if (rule.kind === "check" && !names(rule))
    throw new Refusal(
      `The check ${rule.name} reads the row as a whole, ${column.name} with it, and what new code writes may fail it.`,
      `Drop ${rule.name} in an earlier migration.`,
    );
  throw new Refusal(
    `The ${rule.kind === "exclusion" ? "exclusion constraint" : rule.kind.replace("-", " ")} ${rule.name} names ${where}, and what new code writes may fail it there.`,
    `Drop ${rule.name} in an earlier migration.`,
  );
}
