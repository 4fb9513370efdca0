import type { AddConstraint } from "../../../../model/detail/constraint.js";
import type { Effect, Lock } from "../../../../model/effect.js";
import type { RelationName } from "../../../../model/name.js";
import { sameRelation } from "../../../engine.js";
import { altered, type Change } from "../change.js";
import { columnIn, copiesForNotNull, has, sameColumn } from "../facts.js";
import { unkeyedTarget } from "../foreign-target.js";
import { misfitTypes, refusedFor } from "../foreign-types.js";
import { checksForeignKeys, enforcesChecks, isMysqlFrom, isStrict } from "../server.js";
import { catalogWay, mariadbInstant, type Subject } from "../subject.js";
import { BUILD, COPY, exclusive, REBUILD, type Way } from "../ways.js";
import { worstChange } from "../worst.js";

/** ADD PRIMARY KEY, UNIQUE, CHECK and FOREIGN KEY to a table that exists. */
export function addConstraintChange(detail: AddConstraint, subject: Subject): Change {
  const { constraint, ifNotExists } = detail;
  const { relation, table, operation, server } = subject;
  const there = table?.constraints.some((c) => c.name === constraint.name) === true;
  if (ifNotExists && there) return altered(relation, catalogWay(server));
  switch (constraint.kind) {
    case "primary-key":
      return altered(relation, keyWay(detail, subject), keySaid(detail, subject), "plain");
    case "unique":
      return altered(relation, BUILD, uniqueSaid(detail), "index");
    case "index":
      return altered(relation, BUILD, {}, "index");
    case "check":
      return addCheck(detail, subject);
    case "foreign-key":
      return addForeignKey(detail, subject);
    default:
      return worstChange(operation);
  }
}

/** The rows stand in the key's order, so they are written anew. NULLs must be converted for it, or refused. */
function keyWay({ constraint }: AddConstraint, { table, server }: Subject): Way {
  const columns = constraint.columns.map((c) => columnIn(table, c));
  const nullable = columns.some((c) => c === null || !c.notNull);
  if (!nullable) return REBUILD;
  if (server.dialect === "mariadb") {
    return constraint.columns.some((c) => copiesForNotNull(table, c, isStrict(server))) ? COPY : REBUILD;
  }
  return isStrict(server) ? REBUILD : COPY;
}

function keySaid({ constraint }: AddConstraint, { table, server }: Subject): Partial<Effect> {
  const unknown = constraint.columns.filter((c) => columnIn(table, c) === null);
  const asked = server.dialect === "mariadb" || !isStrict(server);
  return {
    fails: "NULLs or duplicates in the key fail it (1138, 1265, 1062)",
    enforces: [`PRIMARY KEY (${constraint.columns.join(", ")})`],
    destroys: !isStrict(server),
    assumes: unknown.length > 0 && asked ? [`${unknown.join(", ")} may be NULL: the column is not known`] : [],
  };
}

function uniqueSaid({ constraint }: AddConstraint): Partial<Effect> {
  return {
    fails: "duplicates in the data, or written meanwhile, fail the build (1062)",
    enforces: [`UNIQUE (${constraint.columns.join(", ")})`],
  };
}

/**
 * Every row is read by copying it; one that is NOT ENFORCED is a change of the catalog. The first versions of MySQL 8.0
 * ignore CHECK, but 8.0.12 is also what is meant when nobody said a version: the worse case is taken.
 */
function addCheck({ enforced, expression }: AddConstraint, { relation, server }: Subject): Change {
  if (server.dialect === "mysql" && !isMysqlFrom(server, 8, 0)) {
    return altered(relation, catalogWay(server), {
      fails: "this server reads CHECK and ignores it: no row is ever refused",
    });
  }
  if (!enforced) return altered(relation, catalogWay(server));
  const fails = `it fails where a row violates the CHECK (${server.dialect === "mysql" ? 3819 : 4025})`;
  const assumes = enforcesChecks(server) ? [] : ["the server is taken for 8.0.16 or later: before, CHECK is ignored"];
  return altered(relation, COPY, { fails, enforces: [`CHECK (${expression ?? "..."})`], assumes });
}

/** With foreign_key_checks=0 nothing is copied, and nobody looks whether rows point at something. */
function addForeignKey({ constraint }: AddConstraint, subject: Subject): Change {
  const { relation, server, operation } = subject;
  const target = constraint.references?.relation;
  const self = target === undefined || sameRelation(target, relation, server.catalog.defaultSchema);
  const locks = self ? [] : [exclusive(target)];
  const enforces = [`FOREIGN KEY (${constraint.columns.join(", ")}) REFERENCES ${target?.name ?? "..."}`];
  const misfit = misfitTypes(operation, server);
  if (misfit !== null) return altered(relation, catalogWay(server), { locks, fails: refusedFor(misfit) });
  if (checksForeignKeys(server)) {
    const fails =
      unkeyedTarget(constraint.references, server) ??
      "it fails where a row points at nothing (1452), or the types differ (3780, 1005)";
    return altered(relation, COPY, { locks: [...locks, ...(self ? [] : [lookedUp(target)])], enforces, fails });
  }
  const unchecked = "foreign_key_checks=0: rows that point at nothing are accepted, and nobody is told";
  const way = isIndexed(constraint.columns, subject) ? mariadbInstant(server) : BUILD;
  return altered(relation, way, { locks, enforces, assumes: [unchecked] });
}

/** Rows that are pointed at stay locked until the copy is done: seen on MySQL 9.7 and MariaDB 10.11. */
function lookedUp(relation: RelationName): Lock {
  return Object.freeze({ relation, mode: "row locks", blocks: "writes", held: "rewrite" });
}

/** An index begins with these columns, so that none is built for the key. */
function isIndexed(columns: readonly string[], { table }: Subject): boolean {
  const leading = (own: readonly string[]) => columns.every((c, at) => sameColumn(own[at] ?? "", c));
  return table?.indexes.some((i) => has(i.columns, columns[0] ?? "") && leading(i.columns)) === true;
}
