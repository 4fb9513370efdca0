import type { Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import type { CreateIndex, OtherOperation } from "../../../../model/operation.js";
import type { Step } from "../../../../model/step.js";
import type { Phased } from "../../../engine.js";
import { BACKFILL, type Place, SWAP } from "../../../place.js";
import { sizeOf } from "../../../table-size.js";
import type { MysqlContext } from "../algorithms.js";
import { addedColumns, leftOut } from "../place.js";
import { claimsOn } from "./subject.js";
import { duplicates } from "./unique.js";
import { counting } from "./verify.js";

/** `ADD UNIQUE`, which asks something of writes. CREATE UNIQUE INDEX is for code that needs the index at once. */
export const isConstraint = ({ unique }: CreateIndex, { statement, newTable }: MysqlContext): boolean =>
  unique && !newTable && !/^\s*CREATE\b/i.test(statement);

/** Code that does not know a column of the key leaves it out: where that never makes two equal rows, nothing waits. */
function placeOf(operation: CreateIndex, table: Table, context: MysqlContext): Place {
  const added = addedColumns(table, context);
  const news = operation.keys.flatMap((k) => added.get(k.column?.toLowerCase() ?? "") ?? []);
  return news.some((c) => leftOut(c) !== "constant") ? BACKFILL : SWAP;
}

function counted(operation: CreateIndex, table: Table, context: MysqlContext): Step[] {
  const found = duplicates(table, operation.definition, context);
  const { span, relation } = operation;
  const asked: OtherOperation = { kind: "other", what: "add-unique", harmless: false, span, relation };
  return found === null ? [] : counting({ table, context, operation: asked }, found);
}

const LATE = "Old code may still write what is twice, so it waits for the contract. ";

/**
 * ADD UNIQUE: what is twice is counted, and the index is built in the contract, while the table is read and written.
 *
 * @param built the build as CREATE UNIQUE INDEX has it
 */
export function asConstraint(built: Phased, operation: CreateIndex, table: Table, context: MysqlContext): Phased {
  const place = placeOf(operation, table, context);
  const late = place === SWAP;
  const columns = operation.keys.flatMap((k) => k.column ?? []);
  const early = `Where new code needs the unique key (${columns.join(", ")}) of ${show(table.relation)} (${sizeOf(table)}) at once, for ON DUPLICATE KEY UPDATE, write \`CREATE UNIQUE INDEX\`: that is built in expand, and a duplicate that old code writes fails from then on.`;
  return {
    ...built,
    steps: [
      ...counted(operation, table, context),
      ...built.steps.map((s) => ({ ...s, ...place, reason: `${late ? LATE : ""}${s.reason}` })),
    ],
    claims: claimsOn(table.relation, columns, `makes ${columns.join(", ")} unique`),
    notes: [...built.notes, ...(late ? [early] : [])],
  };
}

/** What takes the name of another index is built before that one goes. */
export const holdsEarly = (name: string): string =>
  `The new ${name} is built in expand, and a duplicate that old code writes fails from then on. Where old code writes such, give it another name: then it comes with the contract.`;
