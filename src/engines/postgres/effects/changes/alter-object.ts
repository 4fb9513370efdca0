import type { AlterObject, ObjectType } from "../../../../model/detail/object.js";
import type { Breakage, Effect } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { findTable } from "../../../engine.js";
import { letsThroughAsBefore } from "../../../policies.js";
import { tableOfIndex } from "../../../table-lookup.js";
import { lock } from "../locks.js";
import { broken, restarted, type Subject } from "../subject.js";
import { typeName } from "../type-names.js";
import { worst } from "../worst.js";
import { alterDatabaseEffect, alterRoleEffect } from "./alter-role.js";
import { domainEffect } from "./domain-change.js";
import { moveObjectEffect } from "./move-object.js";
import { ON_TABLE, onTable, PLACES, transactionOf } from "./object-places.js";
import { unidentified } from "./publication.js";
import { narrowedPath } from "./routine-path.js";

/** ALTER of what is no table. */
export function alterObjectEffect(detail: AlterObject, subject: Subject): Effect {
  const { object } = detail;
  if (PLACES[object] === "unknown") return worst(subject.operation);
  if (detail.changes[0] === "SET SCHEMA") return moveObjectEffect(detail, subject);
  const own = ALTERED[object];
  if (own !== undefined) return own(detail, subject);
  if (PLACES[object] === "table") return effect({ locks: onTable(subject, ON_TABLE[object] ?? "ACCESS EXCLUSIVE") });
  const locks =
    PLACES[object] === "itself" && detail.name !== null ? [lock(detail.name, "ACCESS EXCLUSIVE", "brief")] : [];
  return effect({ locks, breaks: narrowedPath(detail, subject), transaction: transactionOf(object) });
}

const ALTERED: Partial<Readonly<Record<ObjectType, (detail: AlterObject, subject: Subject) => Effect>>> = Object.freeze(
  {
    database: alterDatabaseEffect,
    domain: domainEffect,
    extension: () => effect({ assumes: ["what the extension's own script does is not seen"] }),
    index: alterIndex,
    "materialized-view": alterMaterialized,
    policy: alterPolicy,
    publication: alterPublication,
    role: alterRoleEffect,
    sequence: (detail: AlterObject) => alterSequence(detail),
    type: alterType,
    trigger: (_: AlterObject, subject: Subject) => effect({ locks: onTable(subject, "ACCESS EXCLUSIVE") }),
    view: alterView,
  },
);

/** Settings of an index leave reads and writes alone; another tablespace copies it. */
function alterIndex({ name, changes, reads }: AlterObject, { context }: Subject): Effect {
  if (name === null) return effect({});
  const words = changes.join(" ");
  if (/\bTABLESPACE\b/.test(words)) {
    return effect({ locks: [lock(name, "ACCESS EXCLUSIVE", "rewrite")], scan: true, replicaCost: "replay" });
  }
  const attached = /\bATTACH\b/.test(words) ? reads.map((r) => lock(r, "ACCESS EXCLUSIVE", "brief")) : [];
  const tables =
    attached.length === 0 ? [] : [name, ...reads].flatMap((i) => tableOfIndex(context.catalog, i)?.relation ?? []);
  const looked = tables.map((t) => lock(t, "ACCESS SHARE", "brief"));
  return effect({
    locks: [lock(name, "SHARE UPDATE EXCLUSIVE", "brief"), ...attached, ...looked],
    assumes: attached.length > 0 && tables.length < 2 ? ["the tables of both indexes are marked as read"] : [],
  });
}

function alterMaterialized({ name, changes, values }: AlterObject): Effect {
  if (name === null) return effect({});
  const words = changes.join(" ");
  if (/\bTABLESPACE|ACCESS METHOD\b/.test(words)) {
    return effect({
      locks: [lock(name, "ACCESS EXCLUSIVE", "rewrite")],
      rewrite: true,
      scan: true,
      replicaCost: "replay",
    });
  }
  const gentle = /^(SET|RESET|CLUSTER ON|SET WITHOUT CLUSTER|ALTER COLUMN (SET|RESET)( STATISTICS)?)$/.test(words);
  return effect({
    locks: [lock(name, gentle ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE", "brief")],
    breaks: renamedColumn(name, changes, values),
  });
}

/** Another condition, or other roles: rows may no longer be allowed that running code reads and writes. */
function alterPolicy({ name, policy }: AlterObject, subject: Subject): Effect {
  const locks = onTable(subject, "ACCESS EXCLUSIVE");
  const dependents = findTable(subject.context.catalog, subject.relation)?.dependents ?? [];
  const before = dependents.find((d) => d.kind === "policy" && d.name === name?.name)?.policy;
  if (before !== undefined && policy !== undefined && letsThroughAsBefore(before, policy)) return effect({ locks });
  const why = `rows of ${show(subject.relation)} that policy ${name?.name ?? ""} does not allow any more are neither seen nor written`;
  return effect({ locks, breaks: [broken("both", why)] });
}

function alterView({ name, changes, values }: AlterObject): Effect {
  if (name === null) return effect({});
  return effect({
    locks: [lock(name, "ACCESS EXCLUSIVE", "brief")],
    breaks: renamedColumn(name, changes, values),
  });
}

function renamedColumn(name: RelationName, changes: readonly string[], values: readonly string[] = []): Breakage[] {
  if (!changes.includes("RENAME COLUMN")) return [];
  return [broken("both", `statements that name ${values[0] ?? "the column"} of ${show(name)} fail (42703)`)];
}

/** What a publication has no more its subscribers no longer get: SET leaves out what it does not name. */
function alterPublication(detail: AlterObject, subject: Subject): Effect {
  const { name, changes, reads } = detail;
  const [verb] = changes;
  const called = `subscribers of ${name?.name ?? "the publication"}`;
  const lost =
    verb === "DROP" ? `${called} get no change of ${reads.map(show).join(", ") || "what it drops"} any more` : null;
  const others =
    verb === "SET" && reads.length > 0 ? `${called} get changes of ${reads.map(show).join(", ")} alone` : null;
  const why = lost ?? others;
  return effect({
    locks: reads.map((r) => lock(r, "SHARE UPDATE EXCLUSIVE", "brief")),
    breaks: [...(why === null ? [] : [broken("reads", why)]), ...unidentified(detail, subject)],
  });
}

/** A sequence gives out no value while it is changed. */
function alterSequence({ name, changes }: AlterObject): Effect {
  if (name === null) return effect({});
  const moved = /\b(OWNER TO|SET LOGGED|SET UNLOGGED)\b/.test(changes.join(" "));
  const down = changes.some((change) => change.startsWith("INCREMENT BY -"));
  return effect({
    locks: [lock(name, moved ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE", "brief")],
    breaks: [
      ...(changes.includes("RESTART") ? [restarted(show(name))] : []),
      ...(down ? [countsDown(show(name))] : []),
    ],
  });
}

const countsDown = (sequence: string): Breakage =>
  broken("writes", `${sequence} gives out numbers again that are there, or none below its least (23505, 2200H)`);

/** Columns of a type, or of arrays of it, as far as tables are known. */
function columnsOf(type: RelationName, { catalog }: Subject["context"]): string[] {
  return catalog.tables.flatMap((t) => {
    const own = t.columns.filter((c) => typeName(c.type)?.name === type.name);
    return own.map((c) => `${show(t.relation)}.${c.name}`);
  });
}

/** An enum's values need no table's lock. An attribute rewrites the tables that are made of the type. */
function alterType({ name, changes, values }: AlterObject, { context }: Subject): Effect {
  const words = changes.join(" ");
  if (/\bRENAME VALUE\b/.test(words)) {
    return effect({ breaks: [broken("both", `statements that have the value '${values?.[0] ?? ""}' fail (22P02)`)] });
  }
  if (name === null || !/\bATTRIBUTE\b/.test(words)) return effect({});
  const rewrites = /\bALTER ATTRIBUTE\b/.test(words);
  const cascades = /\bCASCADE\b/.test(words);
  const used = rewrites ? columnsOf(name, context) : [];
  return effect({
    locks: [lock(name, "ACCESS EXCLUSIVE", rewrites && cascades ? "rewrite" : "brief")],
    rewrite: rewrites && cascades,
    scan: rewrites && cascades,
    breaks: /\b(DROP|RENAME)\b/.test(words)
      ? [broken("both", `code that knows the attributes of ${show(name)} fails`)]
      : [],
    destroys: /\bDROP\b/.test(words),
    fails: used.length === 0 ? null : `it is refused (0A000), because column ${used.join(", ")} is of the type`,
    replicaCost: rewrites && cascades ? "replay" : "none",
    assumes: cascades
      ? [`tables OF ${show(name)} are locked against all use${rewrites ? " and written anew" : ""}`]
      : [],
  });
}
