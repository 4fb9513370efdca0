import type {
  AlterObject,
  CreateObject,
  DropObject,
  ObjectType,
  Privileges,
  RenameObject,
} from "../../../../model/detail/object.js";
import type { Breakage, Lock } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { findTable } from "../../../engine.js";
import { columnTakenAway, outputsOf } from "../../../known-view.js";
import { knownView } from "../../../table-lookup.js";
import { type Change, unaltered } from "../change.js";
import { leftBehind } from "../left-behind.js";
import { isMysqlFrom, type Server } from "../server.js";
import { broken, type Subject } from "../subject.js";
import { exclusive } from "../ways.js";
import { refusedWrites } from "./trigger-writes.js";

/** What statements of the application name. */
const NAMED: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "database",
  "function",
  "library",
  "package",
  "package-body",
  "procedure",
  "sequence",
  "view",
]);

/** Accounts: whoever logs in with one, or has rights by it, is cut off. */
const ACCOUNTS: ReadonlySet<ObjectType> = new Set<ObjectType>(["user", "role"]);

const NEVER = { transaction: "never" } as const;

/** CREATE of what is no table: only a trigger needs its table to itself, for a moment. */
export function createObjectChange(detail: CreateObject, { operation, server }: Subject): Change {
  const { object, name, orReplace } = detail;
  const locks =
    object === "trigger" && operation.relation !== null ? [exclusive(operation.relation)] : itself(object, name);
  const replaced =
    orReplace && NAMED.has(object)
      ? [broken("both", `what used the old ${called(object, name)} gets the new one`, "N-1")]
      : [];
  const older = object === "role" && server.dialect === "mysql" && !isMysqlFrom(server, 8, 0);
  const fails = older ? "MySQL 5.7 knows no roles (1064)" : null;
  return unaltered({
    ...NEVER,
    locks,
    breaks:
      object === "view"
        ? otherColumns(detail, server)
        : [...replaced, ...refusedWrites(detail, operation.relation, server)],
    fails,
  });
}

/** OR REPLACE takes any columns for those that the view has: what reads one that is left out fails. */
function otherColumns(detail: CreateObject, server: Server): Breakage[] {
  return detail.orReplace ? (lostColumn(detail, server) ?? []) : [];
}

/** Null where the columns before or behind are not told. */
function lostColumn(detail: CreateObject | AlterObject, { catalog }: Server): Breakage[] | null {
  const before = detail.name === null ? null : knownView(catalog, detail.name);
  const after = outputsOf(detail, (relation) => findTable(catalog, relation));
  if (before === null || before.columns === null || after === null) return null;
  const gone = columnTakenAway(before.columns, after);
  return gone === null ? [] : [broken("reads", `what reads ${gone} of view ${before.name.name} fails (1054)`)];
}

/** A view and a sequence are opened like tables. */
function itself(object: ObjectType, name: RelationName | null): Lock[] {
  return (object === "view" || object === "sequence") && name !== null ? [exclusive(name)] : [];
}

function called(object: ObjectType, name: RelationName | null): string {
  return name === null ? object : `${object} ${name.name}`;
}

/** ALTER of what is no table. */
export function alterObjectChange(detail: AlterObject, subject: Subject): Change {
  const { object, name, changes } = detail;
  const breaks: Breakage[] = [];
  if (object === "database" && changes.some((c) => /READ ONLY/.test(c))) {
    breaks.push(broken("writes", `writes to ${name?.name ?? "the database"} fail while it is read only (3989)`));
  }
  const other = broken("reads", `what reads ${called(object, name)} gets other columns`);
  if (object === "view") breaks.push(...(lostColumn(detail, subject.server) ?? [other]));
  if (object === "sequence" && changes.includes("RESTART"))
    breaks.push(broken("writes", `${called(object, name)} gives out numbers that rows may have already (1062)`));
  if (ACCOUNTS.has(object)) breaks.push(broken("both", "sessions that log in as before may be refused (1045)"));
  const charset = object === "database" && changes.some((c) => /CHARACTER SET|COLLATE/.test(c));
  const assumes = charset ? ["tables that are there keep their character set: only new ones have the other"] : [];
  // MySQL waits for every transaction that uses a table of it.
  const whole = object === "database" && subject.server.dialect === "mysql";
  return unaltered({ ...NEVER, locks: whole ? allTables(name, subject) : itself(object, name), breaks, assumes });
}

/** DROP of what is no table: what names it fails. A database goes with all its tables. */
export function dropObjectChange({ object, name }: DropObject, subject: Subject): Change {
  const why = ACCOUNTS.has(object)
    ? "sessions of it are refused (1045, 1142)"
    : `statements that name ${called(object, name)} fail (1146, 1305, 1049)`;
  const breaks = NAMED.has(object) || ACCOUNTS.has(object) ? [broken("both", why)] : [];
  if (object === "trigger") {
    const locks = tablesOf(name, subject);
    const assumes = locks.length > 0 ? [] : ["its table is locked for a moment, and is not known"];
    return unaltered({
      ...NEVER,
      locks,
      assumes,
      breaks: [broken("writes", "what the trigger did to rows is not done any more", "N-1")],
    });
  }
  const whole = object === "database" || object === "tablespace";
  return unaltered({
    ...NEVER,
    locks: object === "database" ? allTables(name, subject) : itself(object, name),
    breaks: [...breaks, ...codeWithout(object, name, subject)],
    destroys: whole || object === "sequence",
  });
}

/** Code that calls a routine, and code and views that read a view, keep its name as text. */
function codeWithout(object: ObjectType, name: RelationName | null, { server }: Subject): Breakage[] {
  const { catalog } = server;
  if (name === null) return [];
  if (object === "function" || object === "procedure") return leftBehind({ kind: "routine", name }, catalog);
  return object === "view" ? leftBehind({ kind: "relation", relation: name }, catalog) : [];
}

function tablesOf(trigger: RelationName | null, { server }: Subject): Lock[] {
  const has = server.catalog.tables.filter((t) =>
    t.dependents.some((d) => d.kind === "trigger" && d.name === trigger?.name),
  );
  return has.map((t) => exclusive(t.relation));
}

function allTables(database: RelationName | null, { server }: Subject): Lock[] {
  const { tables, defaultSchema } = server.catalog;
  const name = database?.name ?? defaultSchema;
  const inside = tables.filter((t) => (t.relation.schema ?? defaultSchema) === name);
  return inside.map((t) => exclusive(t.relation));
}

/** RENAME USER. */
export function renameObjectChange({ object, name, to }: RenameObject, _: Subject): Change {
  return unaltered({
    ...NEVER,
    breaks: [broken("both", `what is called ${name?.name ?? `the ${object}`} is ${to} from now on`)],
  });
}

/** GRANT and REVOKE wait for nobody who reads or writes. */
export function privilegesChange({ action, on }: Privileges, _: Subject): Change {
  const lost = `what needs the right${on === null ? "" : ` on ${on}`} fails (1142, 1044)`;
  return unaltered({ ...NEVER, breaks: action === "revoke" ? [broken("both", lost)] : [] });
}
