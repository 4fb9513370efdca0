import type { Catalog, Dependent, Table } from "../model/catalog.js";
import type { Code, CodeOperation } from "../model/detail/code.js";
import type { RoutineShape, TriggerShape } from "../model/detail/object.js";
import type { TriggerStep } from "../model/detail/trigger-step.js";
import { type RelationName, show } from "../model/name.js";
import { findTable, sameRelation } from "./engine.js";
import { isGoneTable, knownRoutines, storedCode } from "./table-lookup.js";

/** Code that files have put into the database, which keeps it as text. */
export interface StoredCode {
  readonly object: "function" | "procedure" | "event" | "trigger";
  readonly name: RelationName;
  /** The table of a trigger (MySQL, MariaDB); null for everything else. */
  readonly on: RelationName | null;
  readonly trigger: TriggerShape | null;
  readonly code: Code;
  /** What it takes and gives back (PostgreSQL); absent where that is not told. */
  readonly routine?: RoutineShape;
  /** Present, and true, behind IF NOT EXISTS, which may have left another one where it was. */
  readonly unsure?: true;
}

/** What a statement takes away, or gives another name. */
export type Taken =
  | { readonly kind: "relation"; readonly relation: RelationName }
  | { readonly kind: "column"; readonly relation: RelationName; readonly column: string }
  | { readonly kind: "routine"; readonly name: RelationName };

/** What fails from then on, in words: `trigger t on users`, and `INSERTs of users fail`. */
export interface LeftBehind {
  readonly who: string;
  readonly what: string;
}

/** The code of the files that goes on naming what is taken away: triggers first, whose tables fail with them. */
export function codeLeftBehind(taken: Taken, catalog: Catalog): readonly LeftBehind[] {
  const all = storedCode(catalog);
  if (all.length === 0 || (taken.kind === "routine" && isStillCalled(taken.name, catalog))) return [];
  const naming = all.filter((code) => !isItself(code, taken, catalog) && names(code, taken, catalog));
  const own = taken.kind === "column" ? all.filter((code) => namesOfRow(code.code, taken.column, catalog)) : [];
  return [
    ...naming.flatMap((code) => triggersOf(code, naming, taken, catalog)),
    ...own.flatMap((code) => triggersOf(code, [], taken, catalog)),
    ...naming.flatMap((code) => (isTriggers(code) ? [] : [called(code)])),
  ].filter(({ who }, at, list) => list.findIndex((other) => other.who === who) === at);
}

/** Whether code is run by triggers alone. */
export const isTriggers = ({ object, routine }: StoredCode): boolean =>
  object === "trigger" || routine?.returns === "trigger";

/** What fails with code that is called. */
export const called = ({ object, name }: StoredCode): LeftBehind =>
  object === "event"
    ? { who: `event ${show(name)}`, what: "it fails" }
    : { who: `${object} ${show(name)}`, what: "what calls it fails" };

/** Another routine of the name is there (PostgreSQL): which one a call means is not worked out. */
const isStillCalled = (name: RelationName, catalog: Catalog): boolean =>
  (knownRoutines(catalog, name) ?? []).length > 1;

const isItself = ({ object, name }: StoredCode, taken: Taken, { defaultSchema }: Catalog): boolean =>
  taken.kind === "routine" && object !== "trigger" && sameRelation(name, taken.name, defaultSchema);

/** The triggers that run the code, on tables that stay. @param naming what names the thing itself */
function triggersOf(
  code: StoredCode,
  naming: readonly StoredCode[],
  taken: Taken,
  catalog: Catalog,
): readonly LeftBehind[] {
  if (!isTriggers(code)) return [];
  const ofRow = !naming.includes(code);
  return ownersOf(code, catalog).flatMap(({ name, relation, trigger }) => {
    const isOwn = taken.kind !== "routine" && sameRelation(relation, taken.relation, catalog.defaultSchema);
    // A trigger goes with its table; and only its own table's row has the column.
    return (isOwn ? taken.kind === "relation" : ofRow) ? [] : [fired({ name, relation, trigger })];
  });
}

/** What fails with a trigger. */
export function fired({ name, relation, trigger }: Owner): LeftBehind {
  const events = trigger.events.map((event) => `${event.toUpperCase()}s`).join(" and ");
  return { who: `trigger ${name} on ${show(relation)}`, what: `${events} of ${show(relation)} fail` };
}

/** A trigger, and the table that it is on. */
export interface Owner {
  readonly name: string;
  readonly relation: RelationName;
  readonly trigger: TriggerShape;
}

/** The triggers that are there by the files, and on, and call a function, or are the code themselves. */
export function ownersOf(code: StoredCode, catalog: Catalog): readonly Owner[] {
  const runs = (d: Dependent) =>
    d.kind === "trigger" &&
    d.off !== true &&
    (code.object === "trigger"
      ? d.name === code.name.name
      : d.trigger?.calls !== undefined && sameRelation(d.trigger.calls, code.name, catalog.defaultSchema));
  const owner = ({ relation }: Pick<Table, "relation">, name: string, trigger: TriggerShape | null | undefined) =>
    trigger === null || trigger === undefined ? [] : [{ name, relation, trigger }];
  const known = catalog.tables.flatMap((table) =>
    table.dependents.filter(runs).flatMap((d) => owner(table, d.name, d.trigger ?? code.trigger)),
  );
  if (known.length > 0 || code.on === null) return known;
  const isUnseen = findTable(catalog, code.on) === null && !isGoneTable(catalog, code.on);
  return isUnseen ? owner({ relation: code.on }, code.name.name, code.trigger) : [];
}

/** Whether code names what is taken away. */
function names({ code }: StoredCode, taken: Taken, catalog: Catalog): boolean {
  return code.operations.some((entry) => {
    if (taken.kind === "routine") return calls(entry, taken.name, catalog);
    const isIt = (relation: RelationName) => sameRelation(relation, taken.relation, catalog.defaultSchema);
    const relations = relationsOf(entry);
    if (!relations.some(isIt)) return false;
    if (taken.kind === "relation") return true;
    return (
      mentions(entry.statement, taken.column, catalog) &&
      !isOfOther(
        taken,
        relations.filter((r) => !isIt(r)),
        catalog,
      )
    );
  });
}

function relationsOf({ operation }: CodeOperation): readonly RelationName[] {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "data-change") return [...detail.writes, ...detail.reads];
  return detail?.kind === "query" ? detail.reads : [];
}

/** Another relation of the statement has, or may have, a column of the name. */
const isOfOther = (
  { column }: { readonly column: string },
  others: readonly RelationName[],
  catalog: Catalog,
): boolean =>
  others.some((relation) => {
    const columns = findTable(catalog, relation)?.columns;
    return columns === undefined || columns.some(({ name }) => isSameName(name, column, catalog));
  });

/** MySQL's and MariaDB's columns are not told apart by case. */
export const isSameName = (a: string, b: string, { dialect }: Catalog): boolean =>
  dialect === undefined ? a === b : a.toLowerCase() === b.toLowerCase();

/** Strings and comments, the row of a trigger, and names, quoted or not. */
const TOKEN =
  /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\/|\b(?:new|old)\s*\.\s*(?:["`][^"`]+["`]|[\p{L}\p{N}_$]+)|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*/giu;

const tokensOf = (sql: string): readonly string[] => sql.match(TOKEN) ?? [];
const plainName = (token: string): string => {
  const quoted = /^(["`])(.*)\1$/s.exec(token);
  return quoted === null ? token.toLowerCase() : (quoted[2] ?? "");
};

const mentions = (sql: string, column: string, catalog: Catalog): boolean =>
  tokensOf(sql).some((token) => !/^(?:'|--|\/\*)/.test(token) && isSameName(plainName(token), column, catalog));

/** A trigger's body names a column of its own row. */
function namesOfRow({ trigger, operations }: Code, column: string, catalog: Catalog): boolean {
  if (trigger !== undefined) return stepsName(trigger.steps, column);
  const ofRow = operations.flatMap(({ statement }) => tokensOf(statement).filter((t) => /^(?:new|old)\s*\./i.test(t)));
  return ofRow.some((token) => isSameName(plainName(token.slice(token.indexOf(".") + 1).trim()), column, catalog));
}

const stepsName = (steps: readonly TriggerStep[], column: string): boolean =>
  steps.some((step) => {
    if (step.kind === "names") return step.columns.includes(column);
    if (step.kind === "maybe") return stepsName(step.steps, column);
    return step.kind === "if" && step.arms.some((arm) => stepsName(arm.steps, column));
  });

/** A call of a routine, in a query or by CALL. */
function calls({ operation, statement }: CodeOperation, routine: RelationName, catalog: Catalog): boolean {
  const detail = operation.kind === "other" ? operation.detail : undefined;
  if (detail?.kind === "query" || detail?.kind === "data-change") {
    if ((detail.calls ?? []).some((name) => sameRelation(name, routine, catalog.defaultSchema))) return true;
    return false;
  }
  const asCalled = detail?.kind === "opaque" && detail.how === "call" ? detail.name : null;
  if (asCalled !== null) return isSameName(plainName(asCalled), routine.name, catalog);
  const opened = [...statement.matchAll(/(["`]?[\p{L}_][\p{L}\p{N}_$]*["`]?)\s*\(/gu)].map(([, name = ""]) =>
    plainName(name),
  );
  return detail?.kind === "set-variables" && opened.some((name) => isSameName(name, routine.name, catalog));
}

/** Whether two names are one trigger's: MySQL does not tell them apart by case, and MariaDB does where its files are. */
export const isSameTrigger = (a: string, b: string, { dialect }: Pick<Catalog, "dialect">): boolean =>
  dialect === "mysql" ? a.toLowerCase() === b.toLowerCase() : a === b;

/** The table of a trigger that files have made and that is named without it (MySQL, MariaDB); null where none did. */
export function tableOfTrigger(trigger: RelationName, catalog: Catalog): RelationName | null {
  const isIt = ({ object, name }: StoredCode) =>
    object === "trigger" &&
    isSameTrigger(name.name, trigger.name, catalog) &&
    sameRelation({ ...name, name: "" }, { ...trigger, name: "" }, catalog.defaultSchema);
  return storedCode(catalog).find(isIt)?.on ?? null;
}

/** The same, where it is there still. */
export function holderOfTrigger(trigger: RelationName, catalog: Catalog): RelationName | null {
  const owner = tableOfTrigger(trigger, catalog);
  if (owner === null) return null;
  const known = findTable(catalog, owner);
  if (known === null) return isGoneTable(catalog, owner) ? null : owner;
  const isIt = ({ kind, name }: Dependent) => kind === "trigger" && isSameTrigger(name, trigger.name, catalog);
  return known.dependents.some(isIt) ? owner : null;
}

/** Whether files have put a trigger on another table than this one, and it is there still (MySQL, MariaDB). */
export function isTriggerElsewhere(trigger: RelationName, table: RelationName, catalog: Catalog): boolean {
  const owner = holderOfTrigger(trigger, catalog);
  return owner !== null && !sameRelation(owner, table, catalog.defaultSchema);
}
