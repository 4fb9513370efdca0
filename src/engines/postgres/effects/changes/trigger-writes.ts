import type { Catalog, Table } from "../../../../model/catalog.js";
import type { Code } from "../../../../model/detail/code.js";
import type { DataChange } from "../../../../model/detail/data.js";
import type { CreateObject, TriggerShape, TriggerWhen } from "../../../../model/detail/object.js";
import type { Breakage } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { findTable, sameRelation } from "../../../engine.js";
import { type MissingWritten, missingWhy, missingWritten, unfilledWritten } from "../../../missing-written.js";
import { refusedChange } from "../../../refused-change.js";
import { knownRoutines } from "../../../table-lookup.js";
import { unfilledWhy } from "../../../unfilled-column.js";
import { missingColumn } from "../query-columns.js";
import { isPlainFunction } from "../query-functions.js";
import { unassignable } from "../row-types.js";
import { broken, brokenForAll, type Subject } from "../subject.js";
import { type Outcome, runTrigger } from "../trigger-run.js";
import { unfoundUnder, unfoundWhy } from "../unfound-names.js";

type Event = TriggerShape["events"][number];

/** What becomes of writes, and the column that is missing for them. */
interface Stopped {
  readonly event: Event;
  readonly how: string;
  /** It is what the function says that it does, which may be meant. */
  readonly meant?: true;
  readonly needs?: MissingWritten;
  /** The search_path of its function does not find it. */
  readonly unfound?: true;
}

/** What a trigger's function, as files made it, refuses or lets get lost of what is written to this table. */
export function stoppedWrites({ trigger, name }: CreateObject, { relation, table, context }: Subject): Breakage[] {
  if (trigger?.calls === undefined || relation === null) return [];
  const unconfigured = withoutConfiguration(trigger, relation);
  if (unconfigured !== null) return brokenForAll("writes", `trigger ${name?.name ?? ""} ${unconfigured}`);
  return stoppedWith(functionOf(trigger.calls, context), { name: name?.name ?? "", trigger, relation, table, context });
}

/** PostgreSQL's own function for a tsvector finds the configuration of its second argument by no search_path. */
function withoutConfiguration({ calls, args = [], events }: TriggerShape, relation: RelationName): string | null {
  const [, configuration = "."] = args;
  const isOwn = calls?.name === "tsvector_update_trigger" && (calls.schema ?? "pg_catalog") === "pg_catalog";
  if (!isOwn || configuration.includes(".")) return null;
  const what = events.map((event) => `${event.toUpperCase()}s`).join(" and ");
  return `names text search configuration ${configuration} without its schema: ${what} of ${show(relation)} fail (22023); write pg_catalog.${configuration}`;
}

/** What the triggers of a table refuse or let get lost that are switched on. @param name of one of them; null for all */
export function stoppedBehind(name: string | null, { relation, table, context }: Subject): Breakage[] {
  if (relation === null || table === null) return [];
  return table.dependents.flatMap((dependent) => {
    const { trigger, off } = dependent;
    if (off !== true || trigger?.calls === undefined || (name !== null && dependent.name !== name)) return [];
    const code = functionOf(trigger.calls, context);
    return stoppedWith(code, { name: dependent.name, trigger, relation, table, context });
  });
}

/** What a trigger calls takes nothing. */
const functionOf = (calls: RelationName, { catalog }: Subject["context"]): Code | undefined =>
  knownRoutines(catalog, calls)?.find(({ takes }) => takes.length === 0)?.code;

/** A trigger as it hangs on its table. */
export interface Hung extends On {
  readonly name: string;
  /** Null where it is not known. */
  readonly table: Table | null;
  readonly context: Subject["context"];
}

/** What a trigger refuses or lets get lost where its function does what the code says. */
export function stoppedWith(code: Code | undefined, hung: Hung): Breakage[] {
  const { name, trigger, relation, table, context } = hung;
  const body = code?.trigger;
  if (body === undefined) return [];
  const known = trigger.eachRow === true && table !== null && table.columns.length > 0;
  const columns = known ? new Set(table.columns.map((column) => column.name)) : null;
  const stopped = trigger.events.flatMap((event) => {
    const outcome = runTrigger(body, { event, table: relation.name, columns });
    const own = stoppedBy(outcome, event, { trigger, relation, code, context });
    return own.length > 0 ? own : stoppedByWrites(outcome, event, { trigger, relation, code, context });
  });
  const [first] = stopped;
  if (first === undefined) return [];
  const events = stopped.filter(({ how }) => how === first.how).map(({ event }) => `${event.toUpperCase()}s`);
  const what = `${events.join(" and ")} of ${show(relation)}${rowsOf(trigger.when)}`;
  const { needs, unfound, meant } = first;
  const why = `trigger ${name} ${first.how.replace("%", () => what)}`;
  const more = { ...(needs === undefined ? {} : { needs }), ...(unfound === true ? { unfound } : {}) };
  return (meant === true ? [broken("writes", why)] : brokenForAll("writes", why)).map((one) => ({ ...one, ...more }));
}

interface On {
  readonly trigger: TriggerShape;
  readonly relation: RelationName;
}

function stoppedBy(outcome: Outcome, event: Event, { trigger, relation, code }: Writing): Stopped[] {
  const { missing, endless, raises, lost, keeps } = outcome;
  const { when, eachRow, timing } = trigger;
  if (missing !== null) {
    const needs = { relation, column: missing };
    return [{ event, how: `names column ${missing}, which the table does not have: % fail (42703)`, needs }];
  }
  if (endless) return [{ event, how: "ends without RETURN: % fail (2F005)" }];
  // Which rows another WHEN is for is not told.
  if (raises && when?.kind !== "other") return [{ event, how: "refuses all % (P0001)", meant: true }];
  if (when !== undefined || eachRow !== true || timing !== "before") return [];
  if (lost) return [{ event, how: "lets all % get lost, without an error", meant: true }];
  return event === "delete" && keeps && deletesNothing(code)
    ? [{ event, how: "keeps the rows of all %, without an error: who deletes one finds it still", meant: true }]
    : [];
}

/** All that it does is to write rows, and none of that takes one away. */
const deletesNothing = (code: Code | undefined): boolean =>
  code !== undefined &&
  code.unknown.length === 0 &&
  code.operations.every(
    ({ operation }) =>
      operation.kind === "other" &&
      operation.detail?.kind === "data-change" &&
      (operation.detail.verb === "insert" || operation.detail.verb === "update") &&
      (operation.detail.calls ?? []).every(isPlainFunction),
  );

interface Writing extends On {
  readonly code: Code | undefined;
  readonly context: Subject["context"];
}

/** Statements of its function fail, or call it again without end. */
function stoppedByWrites({ runs }: Outcome, event: Event, writing: Writing): Stopped[] {
  const { catalog } = writing.context;
  const { code } = writing;
  const unfound = code?.path === undefined ? null : unfoundUnder(code.path, code, catalog);
  if (code?.path !== undefined && unfound !== null)
    return [{ event, how: `${unfoundWhy(code.path, unfound)}: % fail (${unfound.code})`, unfound: true }];
  const changes = changesOf(runs, code);
  const all = changes.map(({ change }) => change);
  const needs = missingWritten(all, catalog, writing.relation);
  if (needs !== null) {
    const how = `${missingWhy(needs)}: % fail (${needs.column === null ? "42P01" : "42703"})`;
    return [{ event, how, needs }];
  }
  const absent = event === "delete" ? "new" : event === "insert" ? "old" : undefined;
  const unfilled = unfilledWritten(all, catalog, absent);
  if (unfilled !== null) return [{ event, how: `${unfilledWhy(unfilled)}: % fail (23502)` }];
  const refused = refusedChange(all, catalog);
  if (refused !== null) return [{ event, how: `${refused.why}: % fail (${refused.code})` }];
  const mistyped = mistypedBy(runs, writing);
  if (mistyped !== null) return [{ event, how: `${mistyped}: % fail (42804)` }];
  const unread = readsMissing(runs, writing);
  if (unread !== null) {
    const how = `reads column ${unread.column}, which ${show(unread.relation)} does not have: % fail (42703)`;
    return [{ event, how, needs: unread }];
  }
  const endless = changes.some(({ change, always }) => always && isEndless(change, event, writing));
  return endless
    ? [{ event, how: "writes the table that it is on, which calls it again without end: % fail (54001)" }]
    : [];
}

/** A column of the row that is written to one of another type. */
function mistypedBy(runs: Outcome["runs"], { relation, context: { catalog } }: Writing): string | null {
  const own = findTable(catalog, relation);
  for (const { statement } of own === null ? [] : runs) {
    const found = own === null ? null : unassignable(statement, own, catalog);
    if (found === null) continue;
    const { table, from, to } = found;
    return `writes ${from.name}, which is ${from.type}, to column ${to.name} of ${show(table.relation)}, which is ${to.type}`;
  }
  return null;
}

/** The first column that queries of a body name, and that their tables have not. */
function readsMissing(runs: Outcome["runs"], { code, context }: Writing): MissingWritten | null {
  for (const { statement } of runs) {
    const missing = missingColumn(statement, code?.trigger?.variables ?? [], context.catalog);
    if (missing !== null) return missing;
  }
  return null;
}

/** The changes of data among what a body runs. */
function changesOf(runs: Outcome["runs"], code: Code | undefined) {
  return runs.flatMap(({ statement, always }) => {
    const there = (code?.operations ?? []).filter((one) => one.statement.trim() === statement);
    return there.flatMap(({ operation }) => {
      const change = operation.kind === "other" && operation.detail?.kind === "data-change" ? operation.detail : null;
      return change === null ? [] : [{ change, always }];
    });
  });
}

/** A trigger calls itself again, and again, where what it writes is sure to fire it. */
function isEndless(change: DataChange, event: Event, { trigger, relation, context }: Writing): boolean {
  const [written] = change.writes;
  const isItself = written !== undefined && sameRelation(written, relation, context.catalog.defaultSchema);
  if (!isItself || change.verb !== event || trigger.when !== undefined || trigger.timing === "instead of") return false;
  const fires = trigger.columns.length === 0 || trigger.columns.some((column) => change.columns.includes(column));
  if (event !== "insert" && event !== "update") return false;
  // A trigger for each statement is called for one that finds no row, too.
  if (trigger.eachRow !== true) return fires;
  if (event === "insert") return change.source === "rows" && change.conflict === null;
  return fires && (!change.filtered || isOwnRow(change.where ?? "", relation, context.catalog));
}

/** `id = NEW.id`; and of a key, which statements seldom change, `id = OLD.id`. */
const OWN_ROW = /^\s*(?:\w+\s*\.\s*)?("[^"]+"|\w+)\s*=\s*(new|old)\s*\.\s*("[^"]+"|\w+)\s*;?\s*$/i;

function isOwnRow(where: string, relation: RelationName, catalog: Catalog): boolean {
  const [, column = "", row = "", same] = OWN_ROW.exec(where) ?? [];
  if (column === "" || column !== same) return false;
  const key = findTable(catalog, relation)?.constraints.find(({ kind }) => kind === "primary-key")?.columns ?? [];
  return row.toLowerCase() === "new" || (key.length === 1 && key[0] === column.replaceAll('"', ""));
}

function rowsOf(when: TriggerWhen | undefined): string {
  if (when === undefined || when.kind === "other") return "";
  if (when.kind === "not-null") return ` that give ${when.column} a value`;
  return when.column === "*" ? " that change a row" : ` that change ${when.column}`;
}
