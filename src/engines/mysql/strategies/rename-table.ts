import type { Table } from "../../../model/catalog.js";
import type { RenameTable } from "../../../model/detail/table.js";
import { type RelationName, show } from "../../../model/name.js";
import type { OtherOperation } from "../../../model/operation.js";
import type { Step } from "../../../model/step.js";
import { findTable, type Phased, Refusal } from "../../engine.js";
import { generatedName, nameProblem, quote, quoteRelation, shortHash } from "../names.js";
import type { MysqlContext } from "./algorithms.js";
import { ddl } from "./ddl.js";
import { all, hasColumnGrant, hasTable, hasTableGrant, hasView, not, stateOf } from "./facts.js";
import { guarded } from "./guarded.js";
import * as locks from "./locks.js";
import { nothing, tableOf } from "./subject.js";

/** A table that gets another name, and the views that stand in for it. */
interface Renaming {
  readonly table: Table;
  readonly from: RelationName;
  readonly to: RelationName;
  /** The view of the old name before the swap, and the view of the new name after it. */
  readonly ahead: RelationName;
  readonly behind: RelationName;
  readonly context: MysqlContext;
}

/** MERGE: a statement on the view is one on the table. INVOKER: with the rights of who runs it. */
function createView(view: RelationName, of: RelationName, table: Table, orReplace = false): string {
  const columns = table.columns.map((c) => quote(c.name)).join(", ");
  const create = `CREATE ${orReplace ? "OR REPLACE " : ""}ALGORITHM = MERGE SQL SECURITY INVOKER VIEW`;
  return `${create} ${quoteRelation(view)} AS SELECT ${columns} FROM ${quoteRelation(of)}`;
}

const dropView = (view: RelationName) => `DROP VIEW IF EXISTS ${quoteRelation(view)}`;

const rename = (...pairs: readonly (readonly [RelationName, RelationName])[]) =>
  `RENAME TABLE ${pairs.map(([a, b]) => `${quoteRelation(a)} TO ${quoteRelation(b)}`).join(", ")}`;

interface Grant {
  readonly privilege: string;
  readonly grantee: string;
  readonly more: string;
}

const grantsOf = ({ table }: Renaming): Grant[] =>
  (table.grants ?? []).flatMap((text) => {
    const [, privilege, grantee, more = ""] =
      /^GRANT (.+?) ON %table% TO (.+?)( WITH GRANT OPTION)?$/s.exec(text) ?? [];
    return privilege === undefined || grantee === undefined ? [] : [{ privilege, grantee, more }];
  });

/** Statements that give what is granted on single columns on the new name too, and take it back from there. */
const columnGrantsOf = ({ table, to }: Renaming): readonly { give: string; undo: readonly string[] }[] =>
  table.columns.flatMap(({ name, grants }) =>
    grants.flatMap((text) => {
      const [, privilege, grantee] = /^GRANT (.+?) \(%column%\) ON %table% TO (.+)$/s.exec(text) ?? [];
      if (privilege === undefined || grantee === undefined) return [];
      const what = `${privilege} (${quote(name)}) ON ${quoteRelation(to)}`;
      const there = hasColumnGrant(to, name, { privilege, grantee });
      return [{ give: `GRANT ${what} TO ${grantee}`, undo: guarded(there, `REVOKE ${what} FROM ${grantee}`) }];
    }),
  );

/** Privileges are kept by name: those on the new one serve the view, and the table behind the swap. */
function grantSteps(r: Renaming): Step[] {
  const grants = grantsOf(r);
  const onColumns = columnGrantsOf(r);
  if (grants.length + onColumns.length === 0) return [];
  const take = (g: Grant) => `REVOKE ${g.privilege} ON ${quoteRelation(r.to)} FROM ${g.grantee}`;
  return [
    ddl({
      id: `${r.context.ordinal}-grants`,
      phase: "expand",
      sql: [
        ...grants.map((g) => `GRANT ${g.privilege} ON ${quoteRelation(r.to)} TO ${g.grantee}${g.more}`),
        ...onColumns.map(({ give }) => give),
      ],
      undo: [
        ...grants.flatMap((g) => guarded(hasTableGrant(r.to, g.privilege, g.grantee), take(g))),
        ...onColumns.flatMap(({ undo }) => undo),
      ],
      probe: null,
      locks: [],
      reason: `Who may read or write ${show(r.from)} alone may do so with ${show(r.to)}: such privileges belong to a name.`,
    }),
  ];
}

function expandSteps(r: Renaming): Step[] {
  return [
    ddl({
      id: `${r.context.ordinal}-view`,
      phase: "expand",
      sql: [createView(r.to, r.from, r.table)],
      undo: guarded(hasView(r.to), dropView(r.to)),
      probe: { sql: stateOf(hasView(r.to)), repair: [] },
      locks: [],
      reason: `New code reads and writes ${show(r.to)}, which is a view of ${show(r.from)} until the swap. Running code is not touched.`,
    }),
    ...grantSteps(r),
  ];
}

/** One RENAME TABLE moves all three names at once: at no moment is one of them missing. */
function swapSteps({ context, table, from, to, ahead, behind }: Renaming): Step[] {
  const swapped = all(hasView(behind), not(hasTable(ahead)));
  return [
    ddl({
      id: `${context.ordinal}-stand-in`,
      phase: "contract",
      stage: "swap",
      sql: [createView(ahead, to, table)],
      undo: [dropView(ahead)],
      probe: { sql: stateOf(`(${hasView(ahead)} OR ${hasView(behind)})`), repair: [] },
      locks: [],
      reason: `What will be ${show(from)} for stragglers is made under another name first.`,
    }),
    ddl({
      id: `${context.ordinal}-swap`,
      phase: "contract",
      stage: "swap",
      sql: [rename([to, behind], [from, to], [ahead, from])],
      undo: guarded(swapped, rename([from, ahead], [to, from], [behind, to])),
      probe: { sql: stateOf(swapped), repair: [] },
      locks: [locks.brief(from), locks.brief(to)],
      reason: `In one moment: the table is ${show(to)}, and stragglers find it as the view ${show(from)}.`,
    }),
  ];
}

function dropStep({ context, table, from, to, behind }: Renaming): Step {
  return ddl({
    id: `${context.ordinal}-drop`,
    phase: "contract",
    stage: "drop",
    final: false,
    sql: [dropView(from), dropView(behind)],
    undo: [createView(from, to, table, true), createView(behind, from, table, true)],
    probe: { sql: stateOf(not(`(${hasView(from)} OR ${hasView(behind)})`)), repair: [] },
    locks: [locks.brief(from)],
    reason: `Nobody names ${show(from)} any more. No row is lost with the views.`,
  });
}

function notesOf(r: Renaming): string[] {
  const { from, to, table, context } = r;
  const others = [
    "TRUNCATE",
    "ALTER",
    "FOREIGN KEY",
    "SHOW CREATE TABLE",
    "index hints",
    ...(context.dialect === "mariadb" ? ["INSERT INTO ... () VALUES ()"] : []),
  ].join(", ");
  const kept =
    grantsOf(r).length + columnGrantsOf(r).length > 0
      ? [`The servers keep the privileges on the name ${from.name} when it is gone; they can go after contract.`]
      : [];
  const hidden =
    table.grants === undefined
      ? [
          `Privileges on ${show(from)} alone are not carried over: this user, or the files, do not tell them. Grant them on ${to.name} before new code runs.`,
        ]
      : [];
  return [
    `Until the swap ${show(to)} is a view, and from then on ${show(from)}: it takes SELECT, INSERT, UPDATE, DELETE, REPLACE, ON DUPLICATE KEY UPDATE and LOCK TABLES. It does not take ${others}: new code must not use those before the swap, nor old code after it. SELECT * through it shows INVISIBLE columns too.`,
    "Constraints, indexes, triggers and foreign keys stay with the table under the names that they have.",
    ...kept,
    ...hidden,
  ];
}

function refuse(table: Table, to: RelationName, context: MysqlContext): void {
  const problem = nameProblem(to.name);
  if (problem !== null) throw new Refusal(`The name ${to.name} ${problem}.`, "Choose another name.");
  if (to.schema !== null && to.schema !== (table.relation.schema ?? context.catalog.defaultSchema))
    throw new Refusal(
      `${show(to)} is in another database: triggers do not move there, and zmigrate sees one database.`,
      "Create a table there, and copy the rows.",
    );
  if (findTable(context.catalog, { schema: table.relation.schema, name: to.name }) !== null)
    throw new Refusal(
      `There is a table ${to.name} already.`,
      "Choose another name, or drop this statement if it was renamed by hand.",
    );
}

/** @throws Refusal when the new name is taken or in another database */
export function renameTable(detail: RenameTable, operation: OtherOperation, context: MysqlContext): Phased {
  const { relation } = operation;
  if (relation === null) throw new Refusal("The table is not named.", "Name it.");
  if (detail.ifExists && context.catalog.complete && findTable(context.catalog, relation) === null)
    return nothing(`There is no table ${show(relation)}: IF EXISTS has nothing to do.`);
  const table = tableOf(relation, context);
  refuse(table, detail.to, context);
  const from = table.relation;
  const to = { schema: from.schema, name: detail.to.name };
  if (context.newTable) return plainly(from, to, context);
  const own = (prefix: string) => ({
    schema: from.schema,
    name: generatedName(prefix, from.name, shortHash(context.migrationId, from.name, to.name)),
  });
  const r: Renaming = { table, from, to, ahead: own("zmigrate_ahead"), behind: own("zmigrate_behind"), context };
  const change = `renames ${from.name} to ${to.name}`;
  return {
    steps: [...expandSteps(r), ...swapSteps(r), dropStep(r)],
    retires: [],
    gates: [],
    notes: notesOf(r),
    retiredTables: [{ relation: from, parked: null, replacement: to.name, standIn: to }],
    claims: [
      { relation: from, name: null, change, shown: true, called: true },
      { relation: to, name: null, change, called: true },
    ],
  };
}

function plainly(from: RelationName, to: RelationName, context: MysqlContext): Phased {
  const made = ddl({
    id: `${context.ordinal}-rename`,
    phase: "expand",
    sql: [rename([from, to])],
    undo: guarded(all(hasTable(to), not(hasTable(from))), rename([to, from])),
    probe: { sql: stateOf(all(hasTable(to), not(hasTable(from)))), repair: [] },
    locks: [locks.brief(from)],
    reason: "The table is new in this release, so no running code knows it: it is renamed at once.",
  });
  return { steps: [made], retires: [], gates: [], notes: [] };
}
