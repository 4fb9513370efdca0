import type { Catalog, UserType } from "../../../../model/catalog.js";
import type { AlterObject, ObjectType } from "../../../../model/detail/object.js";
import type { Breakage, Effect } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { findTable } from "../../../engine.js";
import { letsThroughAsBefore } from "../../../policies.js";
import { tableOfIndex } from "../../../table-lookup.js";
import { ownerOfSequence } from "../../own-sequence.js";
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
    sequence: alterSequence,
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
function alterSequence({ name, changes }: AlterObject, { context }: Subject): Effect {
  if (name === null) return effect({});
  const limit = lowerLimit(name, changes, context.catalog);
  const moved = /\b(OWNER TO|SET LOGGED|SET UNLOGGED)\b/.test(changes.join(" "));
  const down = changes.some((change) => change.startsWith("INCREMENT BY -"));
  return effect({
    locks: [lock(name, moved ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE", "brief")],
    breaks: [
      ...(changes.includes("RESTART") ? [restarted(show(name))] : []),
      ...(down ? [countsDown(show(name))] : []),
      ...(limit === null
        ? []
        : [broken("writes", `INSERTs fail as soon as ${show(name)} has given out ${limit} (2200H)`)]),
    ],
  });
}

/** The greatest numbers of integers, by their names and those of serial columns. */
const GREATEST: Readonly<Record<string, bigint>> = Object.freeze({
  int2: 32767n,
  int4: 2147483647n,
  int8: 9223372036854775807n,
});

/** The last number of a sequence behind MAXVALUE or AS, where its column takes greater ones, or is not known; else null. */
function lowerLimit(sequence: RelationName, changes: readonly string[], catalog: Catalog): bigint | null {
  const said = (word: string) => changes.find((change) => change.startsWith(`${word} `))?.slice(word.length + 1);
  const [most, type] = [said("MAXVALUE"), said("AS")];
  const limit = most === undefined ? GREATEST[type ?? ""] : BigInt(most);
  if (limit === undefined) return null;
  const held =
    ownerOfSequence(sequence, catalog)?.column.type.replace(/^(?:serial|integer|int|serial4)$/i, "int4") ?? "int8";
  const own = held.replace(/^(?:small\w*|serial2)$/i, "int2").replace(/^(?:big\w*|serial8)$/i, "int8");
  return limit < (GREATEST[own.toLowerCase()] ?? limit) ? limit : null;
}

const countsDown = (sequence: string): Breakage =>
  broken("writes", `${sequence} gives out numbers again that are there, or none below its least (23505, 2200H)`);

/** Columns of a type, of arrays of it, and of types that it is in, as far as tables are known. */
function columnsOf(type: RelationName, { catalog }: Subject["context"]): string[] {
  const holding = namesHolding(type.name, catalog.types ?? []);
  return catalog.tables.flatMap((t) => {
    const own = t.columns.filter((c) => holding.has(typeName(c.type)?.name ?? ""));
    return own.map((c) => `${show(t.relation)}.${c.name}`);
  });
}

/** The type, domains over it, and composite types of which an attribute is of any of them. */
function namesHolding(name: string, types: readonly UserType[]): ReadonlySet<string> {
  const names = new Set([name]);
  const isOf = ({ base, attributes = [] }: UserType) =>
    (base !== null && names.has(typeName(base)?.name ?? "")) || attributes.some(({ of }) => names.has(of.name));
  for (let before = 0; before < names.size; ) {
    before = names.size;
    for (const type of types) if (isOf(type)) names.add(type.relation.name);
  }
  return names;
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
    fails: used.length === 0 ? null : `it is refused (0A000), because column ${used.join(", ")} uses it`,
    replicaCost: rewrites && cascades ? "replay" : "none",
    assumes: cascades
      ? [`tables OF ${show(name)} are locked against all use${rewrites ? " and written anew" : ""}`]
      : [],
  });
}
