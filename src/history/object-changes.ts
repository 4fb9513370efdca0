import { changedPolicy, saidAnew } from "../engines/policies.js";
import { ownerOfSequence } from "../engines/postgres/own-sequence.js";
import type { Column, Dependent, Table } from "../model/catalog.js";
import type { CreateObject } from "../model/detail/object.js";
import type { PolicyChange } from "../model/detail/policy.js";
import type { RelationName } from "../model/name.js";
import type { DetailOf, ObjectDetail } from "../model/operation-detail.js";
import { applyBody } from "./bodies.js";
import { changeColumn } from "./column-changes.js";
import { droppedWith } from "./dropped-with.js";
import { applyFunction } from "./functions.js";
import { keyOf } from "./key-of.js";
import type { Known } from "./known.js";
import { allTables } from "./known-tables.js";
import { filtered, valuesOf } from "./persistent-map.js";
import { placedNow } from "./places.js";
import { applyPublication } from "./publications.js";
import { applyRoutine } from "./routines.js";
import { applySequence } from "./sequences.js";
import { withDefault, withLaterPath } from "./session.js";
import { applyStored, newSchema } from "./stored-objects.js";
import { dropTable } from "./table-changes.js";
import { changeTable, forgetAll, forgetTable, incomplete, withDependent } from "./tables.js";
import { mayName } from "./text.js";
import { hasTrigger, withoutTrigger, withTrigger } from "./trigger-owners.js";
import { applyType, createType, dropType, isTypeKind, renameType } from "./types.js";
import { unknownRan } from "./unread-runs.js";
import { alterView, changeView, createView, dropReaders, dropView, dropViewsIn, renameView, VIEWS } from "./views.js";

/** What is known after a change of something that is no table. `relation` is the table that it hangs on. */
export function applyObject(before: Known, relation: RelationName | null, detail: ObjectDetail): Known {
  const routines = withPlace(
    applyRoutine(applyFunction(applyStored(before, relation, detail), detail), detail),
    detail,
  );
  const known = applySequence(applyPublication(applyBody(routines, relation, detail), detail), detail);
  switch (detail.kind) {
    case "create-object":
      return create(known, relation, detail);
    case "alter-object":
      return detail.object === "policy" ? alterPolicy(known, relation, detail) : alter(known, detail);
    case "drop-object":
      return drop(known, relation, detail);
    case "rename-object":
      return rename(known, relation, detail);
    default:
      return known;
  }
}

/** What is made, or gets another name, is there under that name: else the server had refused it. */
function withPlace(known: Known, detail: ObjectDetail): Known {
  if (!("object" in detail) || detail.name === null) return known;
  const { object, name } = detail;
  if (detail.kind === "create-object") return placedNow(known, object, name);
  return detail.kind === "rename-object" ? placedNow(known, object, { schema: name.schema, name: detail.to }) : known;
}

function create(known: Known, relation: RelationName | null, detail: CreateObject): Known {
  const { object, name } = detail;
  if (isTypeKind(object)) return createType(known, detail);
  if (name === null) return known;
  if (VIEWS.has(object)) return createView(known, name, detail);
  if (relation === null || !HANGING.has(object)) return known;
  if (object === "trigger" && detail.ifNotExists && hasTrigger(known, { schema: relation.schema, name: name.name }))
    return known;
  const instead = detail.insteadOf !== undefined || detail.trigger?.timing === "instead of";
  const placed = instead ? changeView(known, relation, (view) => ({ ...view, insteadOf: true })) : known;
  if (placed !== known) return placed;
  const shown = detail.policy === undefined ? {} : { policy: detail.policy };
  const fires = detail.trigger === null ? shown : { trigger: detail.trigger };
  const columns = detail.trigger?.columns ?? (object === "policy" ? (detail.columns ?? []) : []);
  const dependent = { kind: object as Dependent["kind"], name: name.name, columns, ...fires };
  const hung = changeTable(known, relation, (t) => withDependent(known, t, dependent));
  return object === "trigger" ? withTrigger(hung, relation, name) : hung;
}

/** Of a policy whose text no file has only the new part would be known: nothing is. */
function alterPolicy(known: Known, relation: RelationName | null, { name, policy }: DetailOf<"alter-object">): Known {
  if (relation === null || policy === undefined) return known;
  const altered = (d: Dependent) => (d.kind === "policy" && d.name === name?.name ? changed(d, policy) : d);
  return changeTable(known, relation, (t) => ({ ...t, dependents: t.dependents.map(altered) }));
}

/** Which of the columns a condition named that goes is not told: of what is left of them none is certain. */
function changed(dependent: Dependent, change: PolicyChange): Dependent {
  const { policy, columns } = dependent;
  if (policy === undefined) return { ...dependent, columns: [] };
  const anew = saidAnew(policy, change);
  const named = anew === "everything" ? change.columns : anew === "nothing" ? columns : [];
  return { ...dependent, columns: named, policy: changedPolicy(policy, change) };
}

/** What hangs on one table, and is named behind it. */
const HANGING: ReadonlySet<string> = new Set(["trigger", "rule", "policy", "statistics"]);

/** Another version of an extension may do anything; in another schema it changes no table. */
function alter(known: Known, detail: DetailOf<"alter-object">): Known {
  const moved = newSchema(detail);
  if (detail.object === "extension")
    return moved === null ? unknownRan(known, `the update of the extension ${detail.name?.name ?? ""}`) : known;
  if (moved !== null && detail.name !== null && VIEWS.has(detail.object))
    return renameView(known, detail.name, { schema: moved, name: detail.name.name });
  if (detail.object === "sequence" && detail.name !== null) return alterSequence(known, detail.name, detail.changes);
  if (detail.object === "view" && detail.name !== null) return alterView(known, detail.name, detail);
  if (detail.object === "database" || detail.object === "role") return withLaterPath(known, detail);
  return isTypeKind(detail.object) ? applyType(known, detail) : known;
}

/** What others can be made of. */
const DEPENDED_ON: ReadonlySet<string> = new Set([
  "function",
  "procedure",
  "sequence",
  "aggregate",
  "collation",
  "extension",
  "foreign-server",
  "other",
]);

function drop(known: Known, relation: RelationName | null, detail: DetailOf<"drop-object">): Known {
  const { object, name, cascade } = detail;
  if (object === "schema" || object === "database") return dropSchema(known, name);
  if (isTypeKind(object)) return dropType(known, detail);
  if (DEPENDED_ON.has(object)) {
    const left = cascade && known.dialect === undefined ? droppedWith(known, detail) : known;
    return object === "sequence" && name !== null ? dropSequence(left, name) : left;
  }
  if (name === null) return known;
  if (VIEWS.has(object)) return dropView(cascade ? dropReaders(known, name) : known, name);
  if (relation === null && object === "trigger") return withoutTrigger(known, name);
  if (relation === null || !HANGING.has(object)) return known;
  // A database calls a rule by its table, too.
  const isIt = (d: Dependent) => d.name === name.name || (object === "rule" && d.name.startsWith(`${name.name} on `));
  return changeTable(known, relation, (t) => ({
    ...t,
    dependents: t.dependents.filter((d) => d.kind !== object || !isIt(d)),
  }));
}

/** What a sequence is behind OWNED BY: the one that was made for a column, as far as files tell. */
function alterSequence(known: Known, name: RelationName, changes: readonly string[]): Known {
  if (changes.includes("OWNED BY NONE"))
    return changeOwner(known, name, (column) => ({ ...column, freeSequence: true }));
  return changes.includes("OWNED BY") ? changeOwner(known, name, owned) : known;
}

/** A column that was serial has left it behind no longer. */
const dropSequence = (known: Known, name: RelationName): Known =>
  changeOwner(known, name, ({ leftSequence: _, ...column }) => owned(column));

const owned = ({ freeSequence: _, ...column }: Column): Column => column;

function changeOwner(known: Known, sequence: RelationName, change: (column: Column) => Column): Known {
  const owner = ownerOfSequence(sequence, { tables: allTables(known), defaultSchema: known.defaultSchema });
  if (owner === null) return known;
  return changeTable(known, owner.table.relation, (t) => changeColumn(t, owner.column.name, change));
}

function inSchema(known: Known, schema: string): readonly Table[] {
  return allTables(known).filter((t) => (t.relation.schema ?? known.defaultSchema) === schema);
}

/** CASCADE takes what depends on the schema's types and functions along: tables elsewhere that name it are not certain. */
function dropSchema(known: Known, name: RelationName | null): Known {
  if (name === null) return forgetAll(known);
  const empty = dropViewsIn(known, name.name);
  const left = inSchema(known, name.name).reduce((k, t) => dropTable(k, t.relation, true), empty);
  const types = valuesOf(left.types).filter((t) => (t.relation.schema ?? left.defaultSchema) === name.name);
  const free = types.reduce(
    (k, { relation }) =>
      dropType(k, { kind: "drop-object", object: "type", name: relation, ifExists: false, cascade: true }),
    left,
  );
  return allTables(free)
    .filter((t) => mayNameSchema(t, name.name))
    .reduce((k, t) => forgetTable(k, t.relation), free);
}

function rename(known: Known, relation: RelationName | null, detail: DetailOf<"rename-object">): Known {
  const { object, name, to } = detail;
  if (object === "schema" || object === "database") return renameSchema(known, name);
  if (name === null) return known;
  if (isTypeKind(object)) return renameType(known, name, { schema: name.schema, name: to });
  if (VIEWS.has(object)) return renameView(known, name, { schema: name.schema, name: to });
  if (object === "function") return renameCalled(known, name, to);
  if (relation === null || !HANGING.has(object)) return known;
  const renamed = (d: Dependent) => (d.kind === object && d.name === name.name ? { ...d, name: to } : d);
  return changeTable(known, relation, (t) => ({ ...t, dependents: t.dependents.map(renamed) }));
}

/** Triggers go on calling a function that has another name. */
function renameCalled(known: Known, from: RelationName, to: string): Known {
  const key = keyOf(known, from);
  const renamed = (d: Dependent): Dependent => {
    const { trigger } = d;
    if (trigger?.calls === undefined || keyOf(known, trigger.calls) !== key) return d;
    return Object.freeze({ ...d, trigger: Object.freeze({ ...trigger, calls: { ...trigger.calls, name: to } }) });
  };
  return allTables(known).reduce((k, { relation, dependents }) => {
    const after = dependents.map(renamed);
    const isSame = after.every((one, at) => one === dependents[at]);
    return isSame ? k : changeTable(k, relation, (t) => ({ ...t, dependents: after }));
  }, known);
}

/** What a schema has is not known by its new name, nor what names it; the default schema may be that one. */
function renameSchema(known: Known, name: RelationName | null): Known {
  if (name === null) return forgetAll(known);
  const left = withoutNaming(withoutTypesIn(dropViewsIn(known, name.name), name.name), name.name);
  return left.defaultSchema === name.name ? withDefault(incomplete(left), null) : incomplete(left);
}

const withoutTypesIn = (known: Known, schema: string): Known => ({
  ...known,
  types: filtered(known.types, (_, { relation }) => (relation.schema ?? known.defaultSchema) !== schema),
});

/** Tables in a schema, and those elsewhere that name it. */
function withoutNaming(known: Known, schema: string): Known {
  const inside = new Set(inSchema(known, schema));
  return allTables(known)
    .filter((t) => inside.has(t) || mayNameSchema(t, schema))
    .reduce((k, t) => forgetTable(k, t.relation), known);
}

const mayNameSchema = ({ columns, constraints, indexes }: Table, schema: string): boolean =>
  mayName(JSON.stringify([columns, constraints, indexes]), schema);
