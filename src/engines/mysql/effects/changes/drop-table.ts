import type { InboundReference } from "../../../../model/catalog.js";
import type { DropTable, RenameTable, ReplaceTable, Truncate } from "../../../../model/detail/table.js";
import type { Breakage, Effect, Lock } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { refusedFor } from "../../../effect.js";
import { findTable, sameRelation } from "../../../engine.js";
import { viewTaking } from "../../../exchanged-view.js";
import { columnTakenAway } from "../../../known-view.js";
import { isWhole, knownView, tablesPointedAt } from "../../../table-lookup.js";
import { altered, type Change, unaltered } from "../change.js";
import { createTableChange } from "../create-table.js";
import { leftBehind } from "../left-behind.js";
import { checksForeignKeys } from "../server.js";
import { broken, catalogWay, type Subject } from "../subject.js";
import { exclusive } from "../ways.js";

/** DROP TABLE: readers and writers wait for a moment, and find nothing after it. */
export function dropTableChange({ temporary, ifExists }: DropTable, subject: Subject): Change {
  const { relation, table, server } = subject;
  if (temporary || (ifExists && table === null && server.catalog.complete)) return unaltered({});
  const pointing = (table?.referencedBy ?? []).filter((r) => !same(r.relation, subject));
  const names = pointing.map((r) => r.constraint).join(", ");
  const isRefused = pointing.length > 0 && checksForeignKeys(server);
  return unaltered({
    locks: [exclusive(relation), ...parentsOf(subject)],
    breaks: [
      broken("both", `statements that name ${relation.name} fail (1146)`),
      ...(isRefused ? [] : orphansOf(pointing)),
      ...codeThatFails(subject),
    ],
    ...refusedFor(isRefused ? { code: "3730, 1451", why: `foreign key ${names} points at it` } : null),
    destroys: true,
    transaction: "never",
    assumes: ["the pages of a large table are given back while others wait for the disk"],
  });
}

function same(relation: RelationName, subject: Subject): boolean {
  return sameRelation(relation, subject.relation, subject.server.catalog.defaultSchema);
}

/** With foreign_key_checks=0 the keys stay, and point at nothing. */
function orphansOf(pointing: readonly InboundReference[]): Breakage[] {
  return pointing.map(({ relation, constraint }) =>
    broken(
      "writes",
      `rows that come into ${relation.name} fail (1452), because its foreign key ${constraint} points at it`,
      "N",
    ),
  );
}

/** The tables that it points at. */
function parentsOf(subject: Subject): Lock[] {
  const { catalog } = subject.server;
  return tablesPointedAt(catalog, subject.relation, (a) => same(a, subject))
    .filter((t) => !same(t.relation, subject))
    .map((t) => exclusive(t.relation));
}

/** Views and routines are text: they stay, and fail. */
function codeThatFails({ table, relation, server }: Subject): Breakage[] {
  const listed = (table?.dependents ?? [])
    .filter((d) => d.kind === "view" || d.kind === "function" || d.kind === "event")
    .map((d) => broken("both", `${d.kind} ${d.name} names ${relation.name}, and what uses it fails (1146, 1356)`, "N"));
  return [...listed, ...leftBehind({ kind: "relation", relation }, server.catalog)];
}

/** TRUNCATE drops the table and makes it again. No transaction takes it back. */
export function truncateChange(_: Truncate, subject: Subject): Change {
  const { relation, table, server } = subject;
  const pointing = (table?.referencedBy ?? []).filter((r) => !same(r.relation, subject)).map((r) => r.constraint);
  return unaltered({
    locks: [exclusive(relation)],
    ...refusedFor(
      pointing.length === 0 || !checksForeignKeys(server)
        ? null
        : { code: "1701", why: `foreign key ${pointing.join(", ")} points at it` },
    ),
    destroys: true,
    transaction: "never",
  });
}

/** RENAME TABLE: the end of every statement that has the old name. Foreign keys and triggers follow, text does not. */
export function renameTableChange({ to, ifExists }: RenameTable, subject: Subject): Change {
  const { relation, table, server } = subject;
  if (ifExists && table === null && server.catalog.complete) return unaltered({ transaction: "never" });
  // Its own name: nothing changes.
  if (sameRelation(relation, to, server.catalog.defaultSchema)) return unaltered({ transaction: "never" });
  const taken = findTable(server.catalog, to) !== null && !freed(to, subject);
  const said: Partial<Effect> = {
    locks: [exclusive(to)],
    breaks: exchanged(subject) ?? [
      broken("both", `statements that name ${relation.name} fail (1146) as soon as it is renamed`),
      ...codeThatFails(subject),
    ],
    fails: taken ? `it is refused (1050), because there is a ${to.name}` : null,
    assumes:
      table !== null && server.catalog.source !== "files"
        ? []
        : [`views, triggers and routines may name ${relation.name}`],
  };
  return altered(relation, catalogWay(server), said);
}

/** What is lost where another view takes the name; null where none does. */
function exchanged({ relation, server }: Subject): Breakage[] | null {
  const { catalog, siblings = [] } = server;
  const taking = viewTaking(relation, siblings, catalog);
  if (taking === null) return null;
  const gone = columnTakenAway(knownView(catalog, relation)?.columns ?? null, taking.columns);
  return gone === null ? [] : [broken("reads", `what reads ${gone} of view ${relation.name} fails (1054)`)];
}

/** `RENAME TABLE a TO old, b TO a`: an earlier pair makes room. */
function freed(to: RelationName, { server }: Subject): boolean {
  const { defaultSchema } = server.catalog;
  return (server.siblings ?? []).some(
    (o) =>
      o.kind === "other" &&
      o.detail?.kind === "rename-table" &&
      o.relation !== null &&
      sameRelation(o.relation, to, defaultSchema),
  );
}

/** MariaDB's CREATE OR REPLACE TABLE: the old one is gone before there is a new one. */
export function replaceTableChange({ table }: ReplaceTable, subject: Subject): Change {
  const made = createTableChange(table, subject.server).said;
  const { catalog } = subject.server;
  const isNew = subject.table === null && isWhole(catalog) && knownView(catalog, table.relation) === null;
  if (table.temporary || isNew) return unaltered(made);
  const gone = dropTableChange({ kind: "drop-table", ifExists: true, temporary: false, cascade: false }, subject).said;
  const breaks = gone.breaks?.length
    ? [broken("both", `what ${table.relation.name} held, and its columns, are gone`)]
    : [];
  return unaltered({ ...made, ...gone, breaks, locks: [...(gone.locks ?? []), ...(made.locks ?? [])] });
}
