import type { Table } from "../../model/catalog.js";
import type { DataChange } from "../../model/detail/data.js";
import { type RelationName, show } from "../../model/name.js";
import { findTable, type StrategyContext } from "../engine.js";

/** That nothing takes the rows back; those that are deleted go at the end, when nobody asks for it any more, if the table is not new. */
export const leftBy = ({ verb }: DataChange, newTable: boolean): string[] =>
  verb === "delete" && !newTable
    ? []
    : ["A rollback leaves the rows as this statement makes them, and applying it again after one runs it again."];

/** What a reviewer should know of a change that runs in batches. */
export function notesOf(change: DataChange, plain: (f: RelationName) => boolean): string[] {
  const { verb, writes, reads, calls, walk } = change;
  const walked = show(walk?.relation ?? writes[0] ?? { schema: null, name: "the table" });
  const unseen = (calls ?? []).filter((f) => !plain(f)).map(show);
  const others = reads.filter((r) => show(r) !== walked).map(show);
  return [
    `${verb.toUpperCase()} of ${writes.map(show).join(", ")} runs in batches: each row of ${walked} that is there when it begins is met once, and rows that are written behind the walk are left as they are.`,
    `A row of ${walked} whose key a client changes meanwhile may be left out, or be met twice: let nobody change keys until it is done.`,
    ...(others.length === 0 ? [] : [`Each batch reads ${others.join(", ")} as it is in that moment.`]),
    ...(walk?.moment === undefined
      ? []
      : [
          `\`${walk.moment}\` is the moment of each batch: write that moment itself where all rows are to have the same one.`,
        ]),
    ...(walk?.teller === undefined
      ? []
      : [`\`${walk.teller}\` tells of the session and transaction of each batch, of which there are several.`]),
    ...(unseen.length === 0
      ? []
      : [`What ${unseen.join(", ")} does besides is not seen: it must not depend on other rows of ${walked}.`]),
  ];
}

const ON_DELETE = /ON DELETE (CASCADE|SET NULL|SET DEFAULT)/i;

/** What goes with the rows that are deleted, or keeps them. */
export function cascadeNotes(table: Table | null, { catalog }: StrategyContext): string[] {
  return (table?.referencedBy ?? []).map(({ relation, constraint }) => {
    const key = findTable(catalog, relation)?.constraints.find((c) => c.name === constraint);
    const action = ON_DELETE.exec(key?.definition ?? "")?.[1]?.toUpperCase();
    const who = `rows of ${show(relation)} that point at them (${constraint})`;
    if (action === "CASCADE") return `With the deleted rows go ${who}; how many is not known.`;
    if (action !== undefined)
      return `${who[0]?.toUpperCase()}${who.slice(1)} lose what they point at (ON DELETE ${action}); how many is not known.`;
    return `The server refuses a row that ${who} need: the batch stops there.`;
  });
}
