import type { Index, Table } from "../../../../model/catalog.js";
import type { AddConstraint } from "../../../../model/detail/constraint.js";
import { show } from "../../../../model/name.js";
import type { Step } from "../../../../model/step.js";
import { type Phased, Refusal, sameRelation } from "../../../engine.js";
import { EXPAND, SWAP } from "../../../place.js";
import { constraintTree } from "../../effects/trees.js";
import { quote } from "../../names.js";
import { restoringIndex } from "../index-again.js";
import { columnOf } from "../subject.js";
import { isDivided, withTable } from "../tables.js";
import { stepOf } from "../written.js";
import { refuseSecondKey } from "./key.js";
import { provingKey } from "./key-columns.js";
import { isProven } from "./not-null.js";
import { alter, claimsOn, type Subject } from "./steps.js";

function indexOf(table: Table, name: string): Index {
  const index = table.indexes.find((i) => i.name === name);
  if (index === undefined)
    throw new Refusal(
      `${show(table.relation)} has no index ${name}.`,
      "Create it in front, with CREATE UNIQUE INDEX CONCURRENTLY.",
    );
  if (index.constraint !== null)
    throw new Refusal(`The index ${name} carries the constraint ${index.constraint} already.`, "Leave this one out.");
  if (!index.unique || !index.valid)
    throw new Refusal(
      `The index ${name} is ${index.unique ? "invalid: its build failed" : "not unique"}.`,
      "Drop it and build it anew with CREATE UNIQUE INDEX CONCURRENTLY.",
    );
  return index;
}

/** Does this migration make the index itself? Then undoing that takes it away. */
const isOwn = ({ context, table }: Subject, index: Index): boolean =>
  context.file.some(
    ({ operation }) =>
      operation.kind === "create-index" &&
      operation.name === index.name &&
      sameRelation(operation.relation, table.relation, context.catalog.defaultSchema),
  );

/** The table where the columns of the index are proven to hold no NULL. */
function proved(table: Table, index: Index): Table {
  const columns = table.columns.map((c) => (index.columns.includes(c.name) ? { ...c, notNull: true } : c));
  return { ...table, columns };
}

function attaching(s: Subject, detail: AddConstraint, index: Index, name: string, primary: boolean): Step {
  const { table } = s;
  const tree = constraintTree(detail.constraint.text);
  const deferred = tree?.initdeferred === true ? " INITIALLY DEFERRED" : "";
  const deferrable = tree?.deferrable === true ? ` DEFERRABLE${deferred}` : "";
  const clause = `${primary ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${quote(index.name)}${deferrable}`;
  const again = isOwn(s, index) ? [] : restoringIndex(table, index);
  return stepOf(s.operation, withTable(s.context, primary ? proved(table, index) : table), {
    name: primary ? "primary-key" : "unique",
    ...EXPAND,
    sql: [alter(table, `ADD CONSTRAINT ${quote(name)} ${clause}`)],
    // The index goes with its constraint.
    undo: [alter(table, `DROP CONSTRAINT IF EXISTS ${quote(name)}`), ...again],
    undoTransaction: again.length === 0,
    reason: "The constraint takes over the index, which holds for every write already.",
  });
}

/** A key that this file drops is there until the swap, with its name. */
const isBehindDrop = ({ context, table }: Subject): boolean =>
  context.file.some(
    ({ operation }) =>
      operation.kind === "other" &&
      operation.detail?.kind === "drop-constraint" &&
      operation.relation !== null &&
      sameRelation(operation.relation, table.relation, context.catalog.defaultSchema),
  );

/** UNIQUE and PRIMARY KEY with USING INDEX: as written, and a primary key's columns are proven first. */
export function useIndex(detail: AddConstraint, s: Subject): Phased {
  if (isDivided(s.table))
    throw new Refusal(
      `${show(s.table.relation)} has partitions, and the server takes no USING INDEX for such a table (0A000).`,
      "Leave the constraint out: the unique index itself keeps rows apart, and ON CONFLICT finds it.",
    );
  const primary = detail.constraint.kind === "primary-key";
  if (primary) refuseSecondKey(s);
  const index = indexOf(s.table, detail.usingIndex ?? "");
  const name = detail.constraint.name ?? index.name;
  const open = primary ? index.columns.map((c) => columnOf(s.table, c)).filter((c) => !isProven(s.table, c)) : [];
  const attach = attaching(s, detail, index, name, primary);
  const proven = provingKey(s, open, SWAP);
  const steps = [...proven.steps, open.length === 0 && !isBehindDrop(s) ? attach : { ...attach, ...SWAP }];
  const claims = claimsOn(s.table.relation, index.columns, `adds the key ${name}`);
  return { steps, retires: [], claims, gates: [], notes: proven.notes };
}
