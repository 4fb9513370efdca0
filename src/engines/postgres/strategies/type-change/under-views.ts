import type { Column, Dependent, StoredObject, Table } from "../../../../model/catalog.js";
import type { ObjectType } from "../../../../model/detail/object.js";
import type { Lock } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { Refusal, type StrategyContext, sameRelation } from "../../../engine.js";
import { withoutDefaultRights } from "../../default-rights.js";
import { dependentsOn, HOLDING } from "../../effects/dependents.js";
import * as locks from "../../effects/helper-statements.js";
import { quoteRelation } from "../../names.js";
import { beside } from "../objects/in-file.js";
import { droppedAs, namedBy } from "../objects/known.js";

/** What may be built on a view, and is there until the contract though the file drops it. */
const MAY_HOLD: ReadonlySet<ObjectType> = new Set<ObjectType>([
  "function",
  "materialized-view",
  "policy",
  "procedure",
  "rule",
]);

/** What the file drops before an operation, of these kinds, in its order. */
function droppedBefore(operation: OtherOperation, context: StrategyContext, is: (object: ObjectType) => boolean) {
  return beside(operation, context, "before").flatMap((o) => {
    const detail = o.kind === "other" && o.detail?.kind === "drop-object" ? o.detail : null;
    const named = detail === null || !is(detail.object) ? null : namedBy(detail, o as OtherOperation, context);
    return named === null ? [] : [named];
  });
}

/** The dependent as the server prints its name. */
const isView = ({ kind, name }: Dependent, view: StoredObject): boolean => {
  const bare = name.replaceAll('"', "");
  const { schema, name: own } = view.name;
  return kind === "view" && (bare === own.replaceAll('"', "") || bare === `${schema}.${own}`.replaceAll('"', ""));
};

function refuse(table: Table, column: Column, { kind, name }: Dependent, why: string, help: string): never {
  throw new Refusal(
    `PostgreSQL does not change the type of ${show(table.relation)}.${column.name} while the ${kind.replace("-", " ")} ${name} uses it${why}.`,
    help,
  );
}

/** A rule or trigger on a view goes with it, and is not made again. */
function refuseHung(table: Table, column: Column, holder: Dependent, view: StoredObject, context: StrategyContext) {
  const { objects = [], defaultSchema } = context.catalog;
  const hung = objects.find(({ on }) => on !== null && sameRelation(on, view.name, defaultSchema));
  if (hung === undefined) return;
  const why = `, on which the ${hung.object} ${hung.name.name} stands`;
  refuse(table, column, holder, why, "Drop both in an earlier migration, and make them again behind this one.");
}

/**
 * The views that hold a column and that the file drops before: they are there until the contract. In the order in which they
 * can be dropped; none where nothing holds it.
 *
 * @throws Refusal for what holds it otherwise
 */
export function viewsOver(
  table: Table,
  column: Column,
  operation: OtherOperation,
  context: StrategyContext,
): readonly StoredObject[] {
  const holders = dependentsOn(table, column.name, HOLDING);
  if (holders.length === 0) return [];
  const views = droppedBefore(operation, context, (o) => o === "view").flatMap((v) => droppedAs(v, context) ?? []);
  const [other] = droppedBefore(operation, context, (o) => MAY_HOLD.has(o));
  for (const holder of holders) {
    const view = views.find((v) => isView(holder, v));
    if (view === undefined || view.restore === null)
      refuse(
        table,
        column,
        holder,
        "",
        holder.kind === "view"
          ? "Write DROP VIEW in front of this, and CREATE VIEW behind it: in one file the view is there all the while."
          : "Drop it in an earlier migration, and make it again behind this one.",
      );
    if (other !== undefined)
      refuse(
        table,
        column,
        holder,
        `, and the ${other.object.replace("-", " ")} ${other.name.name}, which the file drops too, may be built on that`,
        `Drop the ${other.object.replace("-", " ")} in an earlier migration.`,
      );
  }
  for (const view of views) for (const holder of holders) refuseHung(table, column, holder, view, context);
  return views;
}

/** Makes a view again as it was, with its owner, rights and comments; what others get by default it does not have. */
function again({ name, restore }: StoredObject): readonly string[] {
  const [create = "", ...more] = restore ?? [];
  return [create, withoutDefaultRights({ kind: "VIEW", address: quoteRelation(name) }), ...more];
}

/** A statement between the drop of the views and their return, all in one transaction: nobody sees them missing. */
export const betweenViews = (views: readonly StoredObject[], statement: string): readonly string[] => [
  ...views.map(({ name }) => `DROP VIEW ${quoteRelation(name)}`),
  statement,
  ...views.toReversed().flatMap(again),
];

/** Those that read a view wait for the moment. */
export const locksOn = (views: readonly StoredObject[]): readonly Lock[] =>
  views.map(({ name }) => locks.alterTable(name));
