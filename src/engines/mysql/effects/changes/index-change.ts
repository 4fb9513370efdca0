import type { Index } from "../../../../model/catalog.js";
import type {
  DropIndex,
  RenameIndex,
  ReplaceIndex,
  SetIndexVisibility,
} from "../../../../model/detail/index-change.js";
import type { Effect } from "../../../../model/effect.js";
import { refusedFor } from "../../../effect.js";
import { altered, type Change } from "../change.js";
import { createIndexChange } from "../create-index.js";
import { isLikePrimary, neededBy } from "../index-facts.js";
import { isMadeAgain } from "../same-index.js";
import { isMysqlFrom } from "../server.js";
import { mariadbInstant, type Subject } from "../subject.js";
import { COPY, INSTANT, METADATA } from "../ways.js";
import { dropKey } from "./constraint-state.js";

/** DROP INDEX: a change of the catalog; queries that were quick by it are not. */
export function dropIndexChange({ index, ifExists }: DropIndex, subject: Subject): Change {
  const { relation, table, server } = subject;
  if (index.name.toUpperCase() === "PRIMARY") return dropKey(subject);
  const found = table?.indexes.find((i) => i.name.toLowerCase() === index.name.toLowerCase());
  if (ifExists && table !== null && found === undefined) return altered(relation, METADATA, {}, "index");
  const said = keptByForeignKey(index.name, subject);
  if (found === undefined || table === null) return altered(relation, METADATA, said, "index");
  if (isMadeAgain(found, server)) return altered(relation, INSTANT, said, "index");
  if (!isLikePrimary(found, table, server.dialect)) return altered(relation, METADATA, said, "index");
  const assumes = [...(said.assumes ?? []), `the rows are taken to stand in the order of ${found.name}`];
  return altered(relation, COPY, { ...said, assumes }, "index");
}

/** What is said of an index that goes: a foreign key may need it, and queries may name it. */
export function keptByForeignKey(name: string, { table, server }: Subject): Partial<Effect> {
  const index = table?.indexes.find((i) => i.name.toLowerCase() === name.toLowerCase());
  const assumes = [`queries may name ${name} in FORCE INDEX, and fail then (1176)`];
  if (index === undefined || table === null)
    return { assumes: [...assumes, `no foreign key is taken to need ${name}`] };
  const needed = neededBy(index, { ...table, indexes: [...table.indexes, ...addedBeside(server)] }, server);
  const need = needed.length === 0 ? null : { code: "1553", why: `foreign key ${needed.join(", ")} needs ${name}` };
  return { ...refusedFor(need), assumes };
}

/** Indexes that the same ALTER adds, before or behind it: the servers look at what is there in the end. */
function addedBeside({ siblings = [] }: Subject["server"]): Index[] {
  return siblings.flatMap((each) => {
    if (each.kind !== "create-index") return [];
    const { name, unique, definition, method, keys } = each;
    const special = method === "fulltext" || method === "spatial" ? `${method.toUpperCase()} ` : "";
    const columns = keys.flatMap(({ column }) => column ?? []);
    const text = `CREATE ${special}INDEX i ON t ${definition}`;
    return [{ name: name ?? "", columns, definition: text, unique, valid: true, constraint: null }];
  });
}

/** RENAME INDEX: who names it in a hint fails. */
export function renameIndexChange({ from }: RenameIndex, { relation, server }: Subject): Change {
  return altered(relation, mariadbInstant(server), {
    assumes: [`queries may name ${from} in FORCE INDEX, and fail then (1176)`],
  });
}

/** INVISIBLE, IGNORED: the index is kept, and no query uses it until it is visible again. */
export function indexVisibilityChange(detail: SetIndexVisibility, { relation, table, server }: Subject): Change {
  const { index, visible } = detail;
  const assumes = visible ? [] : [`queries may name ${index} in FORCE INDEX, and fail then (1176)`];
  const found = table?.indexes.find((i) => i.name.toLowerCase() === index.toLowerCase());
  const primary = found !== undefined && table !== null && isLikePrimary(found, table, server.dialect);
  const older = server.dialect === "mysql" && !isMysqlFrom(server, 8, 0);
  if (older) return altered(relation, mariadbInstant(server), { fails: "MySQL 5.7 does not know it (1064)" });
  const fails = primary && !visible ? `${index} is taken for the primary key, which stays (3522, 4174)` : null;
  return altered(relation, mariadbInstant(server), { assumes, fails });
}

/** MariaDB's CREATE OR REPLACE INDEX: between the old one and the new one there is none. */
export function replaceIndexChange({ index }: ReplaceIndex, { server }: Subject): Change {
  return createIndexChange({ ...index, ifNotExists: false }, server);
}
