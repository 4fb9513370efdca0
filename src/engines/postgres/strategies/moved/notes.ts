import type { Column, Table } from "../../../../model/catalog.js";
import { show } from "../../../../model/name.js";
import { shown } from "./steps.js";
import type { Moving } from "./subject.js";

const naming = <T extends { readonly columns: readonly string[] }>(things: readonly T[], name: string): T[] =>
  things.filter((t) => t.columns.includes(name));

/** What the old column has and the new one's definition does not say. */
function leftBehind({ comment, grants, settings }: Column): string[] {
  return [
    ...(comment === null ? [] : ["its comment"]),
    ...(grants.length === 0 ? [] : ["privileges on it alone"]),
    ...(settings.length === 0 ? [] : ["its settings"]),
  ];
}

function goingAlong(table: Table, column: string): string[] {
  const lost = [...table.indexes, ...table.constraints.filter((c) => c.index === null && c.kind !== "not-null")];
  return naming(lost, column).map((o) => `${o.name} goes with the column.`);
}

/** What a reviewer should know. */
export function notesOf(m: Moving): string[] {
  const [old, fresh] = [show(m.old.relation), show(m.new.relation)];
  const left = leftBehind(m.going);
  return [
    `Old code's transaction holds a row of ${old} and then one of ${fresh}, new code's the other way round: where both write ${m.new.column} of the same pair at the same moment, or one of them deletes it, the server may end one of them (deadlock), which is to be tried again.`,
    `Rows of ${fresh} that are deleted leave ${shown(m.old)} as it is until the swap, and one that is inserted with the column's default takes that value. Rows of ${old} that hold a value and have none in ${fresh} stop the contract, which counts them.`,
    `The triggers write the other table with the rights of the tables' owner (of the role that applies this, where it is no superuser): triggers of your own there see that role as current_user.`,
    ...goingAlong(m.oldTable, m.old.column),
    ...(left.length === 0
      ? []
      : [
          `${shown(m.new)} does not get what ${shown(m.old)} has: ${left.join(", ")}. Write it in this file, if it is needed.`,
        ]),
    ...naming(m.oldTable.dependents, m.old.column).map(
      (d) =>
        `The ${d.kind.replace("-", " ")} ${d.name} of ${old} names a column that goes: change it before contract, which waits for it.`,
    ),
  ];
}
