import type { MaintainTable, SetTableOption, Switch } from "../../../../model/detail/table.js";
import type { Breakage, Effect } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { leavesAllRows, policiesOf } from "../../../policies.js";
import { isSwitchedAlready } from "../../../switched.js";
import { leftBehind } from "../left-behind.js";
import { lock } from "../locks.js";
import { partitionNote } from "../notes.js";
import { unwrittenBehind } from "../published-parts.js";
import { broken, catalogChange, locksBelow, ownChange, type Subject } from "../subject.js";
import { notBefore } from "../versions.js";
import { stoppedBehind } from "./trigger-writes.js";

/** RENAME TO and SET SCHEMA: no statement finds the table any more. Views follow. */
export function renameTableEffect(_: unknown, subject: Subject): Effect {
  const why = `statements that name ${show(subject.relation)} fail (42P01)`;
  const left = leftBehind({ kind: "relation", relation: subject.relation }, subject.context.catalog);
  return ownChange(subject, "ACCESS EXCLUSIVE", { breaks: [broken("both", why), ...left] });
}

/** CLUSTER and VACUUM FULL: the table and its indexes are written anew. VACUUM takes no transaction around it. */
export function rebuildTableEffect(_: unknown, subject: Subject): Effect {
  const { operation, table } = subject;
  const nameless = operation.relation === null;
  const inside = operation.what === "cluster" && !nameless && (table?.partitions?.length ?? 0) === 0;
  return effect({
    locks: nameless ? [] : locksBelow(subject, "ACCESS EXCLUSIVE", "rewrite"),
    rewrite: true,
    scan: true,
    indexesRebuilt: true,
    transaction: inside ? "any" : "never",
    replicaCost: "replay",
    assumes: nameless ? ["every table of the database is written anew"] : partitionNote(table),
  });
}

/** VACUUM and ANALYZE: reads and writes go on. */
export function maintainTableEffect(detail: MaintainTable, subject: Subject): Effect {
  if (detail.verb === "vacuum" && detail.options.includes("FULL")) return rebuildTableEffect(detail, subject);
  const nameless = subject.operation.relation === null;
  // ANALYZE samples, and VACUUM goes by the visibility map: neither reads every row.
  return effect({
    locks: nameless ? [] : locksBelow(subject, "SHARE UPDATE EXCLUSIVE", "brief"),
    transaction: detail.verb === "vacuum" ? "never" : "any",
    assumes: nameless ? ["every table of the database, one after the other"] : partitionNote(subject.table),
  });
}

/** `ALTER TABLE t` without a change that PostgreSQL would make. */
export function noChangeEffect(_: unknown, subject: Subject): Effect {
  return catalogChange(subject, "ACCESS EXCLUSIVE");
}

/** Triggers are switched while reads go on; rules and row security are part of every query's plan. */
export function switchEffect(detail: Switch, subject: Subject): Effect {
  if (detail.what === "trigger") {
    const stopped = detail.enabled && detail.firing !== "replica" ? stoppedBehind(detail.name, subject) : [];
    return catalogChange(subject, "SHARE ROW EXCLUSIVE", { breaks: [...unchecked(detail), ...stopped] });
  }
  return ownChange(subject, "ACCESS EXCLUSIVE", rowSecurity(detail, subject));
}

/** Foreign keys are triggers too. */
function unchecked({ enabled, name, userOnly }: Switch): Breakage[] {
  if (enabled || name !== null || userOnly === true) return [];
  return [broken("writes", "foreign keys are not checked while their triggers are disabled")];
}

/** Nobody but the owner, and with FORCE not even that, sees or writes a row that no policy allows. Those of a database are not read. */
function rowSecurity(detail: Switch, { table, relation, context }: Subject): Partial<Effect> {
  const { what, enabled } = detail;
  if (isSwitchedAlready(detail, table, context.catalog)) return {};
  if (!enabled || (what !== "row-security" && what !== "force-row-security")) return {};
  const policies = policiesOf(table);
  if (policies === null || leavesAllRows(policies, table?.rights)) return {};
  const who = what === "row-security" ? "" : ", not by its owner either, where row security is on";
  const why = `rows of ${show(relation)} that no policy allows are neither seen nor written${who}`;
  const assumes = policies.length > 0 ? [] : [`${show(relation)} is taken to have no policy`];
  return { breaks: [broken("both", why)], assumes };
}

/** Options under a lock of their own, and those that write the table anew. */
export function tableOptionEffect(detail: SetTableOption, subject: Subject): Effect {
  const rewriting = REWRITING[detail.option];
  if (rewriting !== undefined) return rewriting(detail, subject);
  if (detail.option === "REPLICA IDENTITY") return replicaIdentity(detail, subject);
  if (GENTLE.has(detail.option) || isGentleParameter(detail.option))
    return ownChange(subject, "SHARE UPDATE EXCLUSIVE");
  return catalogChange(subject, "ACCESS EXCLUSIVE");
}

const GENTLE: ReadonlySet<string> = new Set(["CLUSTER ON"]);

/** Storage parameters, which are in lower case: all but one are gentle (utils: reloptions.c). */
function isGentleParameter(option: string): boolean {
  return (
    option === option.toLowerCase() &&
    option !== "user_catalog_table" &&
    !option.startsWith("security_") &&
    option !== "check_option"
  );
}

const REWRITING: Readonly<Record<string, (detail: SetTableOption, subject: Subject) => Effect>> = Object.freeze({
  LOGGED: logged,
  UNLOGGED: unlogged,
  TABLESPACE: moved,
  "ACCESS METHOD": otherMethod,
});

/** What files made so, or set so, is left as it is. */
const isSoAlready = ({ option }: SetTableOption, { table, context: { catalog } }: Subject): boolean =>
  catalog.source === "files" && table !== null && (table.unlogged === true) === (option === "UNLOGGED");

function rewritten(_: SetTableOption, subject: Subject): Effect {
  return effect({
    locks: locksBelow(subject, "ACCESS EXCLUSIVE", "rewrite"),
    rewrite: true,
    scan: true,
    indexesRebuilt: true,
    replicaCost: "replay",
    assumes: [...partitionNote(subject.table), `${show(subject.relation)} is taken not to be so already`],
  });
}

function otherMethod(detail: SetTableOption, subject: Subject): Effect {
  return { ...rewritten(detail, subject), fails: notBefore(subject.context, 15, "SET ACCESS METHOD") };
}

function logged(detail: SetTableOption, subject: Subject): Effect {
  return isSoAlready(detail, subject) ? catalogChange(subject, "ACCESS EXCLUSIVE") : rewritten(detail, subject);
}

function unlogged(detail: SetTableOption, subject: Subject): Effect {
  if (isSoAlready(detail, subject)) return catalogChange(subject, "ACCESS EXCLUSIVE");
  const why = `${show(subject.relation)} is empty on replicas, and after a crash`;
  return {
    ...rewritten(detail, subject),
    breaks: [broken("reads", why)],
    fails: "a published table stays logged (55000)",
  };
}

/** Files are copied as they are: no row is read, but all waits for as long as copying takes. */
function moved(_: SetTableOption, subject: Subject): Effect {
  const { relation, table } = subject;
  return effect({
    locks: [lock(relation, "ACCESS EXCLUSIVE", "rewrite")],
    rewrite: true,
    scan: true,
    replicaCost: "replay",
    assumes: [...partitionNote(table), `${show(relation)} is taken to be in another tablespace`],
  });
}

function replicaIdentity({ value }: SetTableOption, subject: Subject): Effect {
  const nothing = /\bnothing\b/i.test(value ?? "");
  const why = `UPDATE and DELETE of ${show(subject.relation)} fail where it is published (55000)`;
  return ownChange(subject, "ACCESS EXCLUSIVE", {
    breaks: [...(nothing ? [broken("writes", why)] : []), ...unwrittenBehind(subject)],
    assumes: nothing ? [`${show(subject.relation)} is taken to be published`] : [],
  });
}
