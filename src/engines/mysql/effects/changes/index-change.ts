import type { Index } from "../../../../model/catalog.js";
import type {
  DropIndex,
  RenameIndex,
  ReplaceIndex,
  SetIndexVisibility,
} from "../../../../model/detail/index-change.js";
import type { Effect } from "../../../../model/effect.js";
import { altered, type Change } from "../change.js";
import { createIndexChange } from "../create-index.js";
import { sameColumn } from "../facts.js";
import { isMadeAgain } from "../same-index.js";
import { mariadbInstant, type Subject } from "../subject.js";
import { INSTANT, METADATA } from "../ways.js";
import { dropKey } from "./constraint-state.js";

/** DROP INDEX: a change of the catalog; queries that were quick by it are not. */
export function dropIndexChange({ index, ifExists }: DropIndex, subject: Subject): Change {
  const { relation, table, server } = subject;
  if (index.name.toUpperCase() === "PRIMARY") return dropKey(subject);
  const found = table?.indexes.find((i) => i.name.toLowerCase() === index.name.toLowerCase());
  if (ifExists && table !== null && found === undefined) return altered(relation, METADATA, {}, "index");
  const way = found !== undefined && isMadeAgain(found, server) ? INSTANT : METADATA;
  return altered(relation, way, keptByForeignKey(index.name, subject), "index");
}

/** What is said of an index that goes: a foreign key may need it, and queries may name it. */
export function keptByForeignKey(name: string, { table }: Subject): Partial<Effect> {
  const index = table?.indexes.find((i) => i.name.toLowerCase() === name.toLowerCase());
  const assumes = [`queries may name ${name} in FORCE INDEX, and fail then (1176)`];
  if (index === undefined) return { assumes: [...assumes, `no foreign key is taken to need ${name}`] };
  const serves = (columns: readonly string[], by: Index) =>
    columns.every((c, at) => sameColumn(by.columns[at] ?? "", c));
  const needed = [
    ...(table?.constraints ?? []).filter((c) => c.kind === "foreign-key"),
    ...(table?.referencedBy ?? []).map((r) => ({ name: r.constraint, columns: r.columns })),
  ].filter((k) => serves(k.columns, index) && !table?.indexes.some((i) => i !== index && serves(k.columns, i)));
  const fails =
    needed.length === 0
      ? null
      : `it is refused (1553), because foreign key ${needed.map((k) => k.name).join(", ")} needs ${name}`;
  return { fails, assumes };
}

/** RENAME INDEX: who names it in a hint fails. */
export function renameIndexChange({ from }: RenameIndex, { relation, server }: Subject): Change {
  return altered(relation, mariadbInstant(server), {
    assumes: [`queries may name ${from} in FORCE INDEX, and fail then (1176)`],
  });
}

/** INVISIBLE, IGNORED: the index is kept, and no query uses it until it is visible again. */
export function indexVisibilityChange({ index, visible }: SetIndexVisibility, { relation, server }: Subject): Change {
  const assumes = visible ? [] : [`queries may name ${index} in FORCE INDEX, and fail then (1176)`];
  return altered(relation, mariadbInstant(server), { assumes });
}

/** MariaDB's CREATE OR REPLACE INDEX: between the old one and the new one there is none. */
export function replaceIndexChange({ index }: ReplaceIndex, { server }: Subject): Change {
  return createIndexChange({ ...index, ifNotExists: false }, server);
}
