import { findTable, type Phased, Refusal } from "../engines/engine.js";
import type { Catalog, Dependent } from "../model/catalog.js";
import type { ObjectType } from "../model/detail/object.js";
import type { Operation } from "../model/operation.js";
import type { Retired } from "../model/plan.js";
import { withParts } from "./parts.js";

/** They name columns, and stay with them, or with the former name. */
const STAYS: ReadonlySet<Dependent["kind"]> = new Set(["materialized-view", "policy", "rule", "trigger", "view"]);

const VIEWS: ReadonlySet<Dependent["kind"]> = new Set(["materialized-view", "view"]);

/** Whether an operation makes, or drops, what a table's dependents call so, which may be with its schema and with quotes. */
const isAbout =
  ({ kind, name }: Dependent, change: "create-object" | "drop-object", { defaultSchema }: Catalog) =>
  (operation: Operation): boolean => {
    const detail = operation.kind === "other" ? operation.detail : undefined;
    if (detail?.kind !== change || detail.name === null || detail.object !== (kind as ObjectType)) return false;
    const bare = name.replaceAll(/["`]/g, "");
    return bare === detail.name.name || bare === `${detail.name.schema ?? defaultSchema}.${detail.name.name}`;
  };

/** What names the column, in its table or a part of it. */
const naming = ({ relation, column }: Retired, catalog: Catalog): readonly Dependent[] =>
  withParts(relation, catalog)
    .flatMap((part) => findTable(catalog, part)?.dependents ?? [])
    .filter((d) => STAYS.has(d.kind) && d.columns.includes(column));

/**
 * What a file makes on a column in front of its rename stays with the former column: the contract would wait for what the file
 * itself has made.
 *
 * @param file all operations of the file
 * @param catalog the one in front of the operation
 * @throws Refusal
 */
export function refuseHeldInFront(
  file: readonly Operation[],
  at: number,
  { retires }: Pick<Phased, "retires">,
  catalog: Catalog,
): void {
  for (const retired of retires) {
    const { column, replacement } = retired;
    if (replacement === null || retired.retypes === true) continue;
    const made = naming(retired, catalog).find(
      (d) =>
        file.slice(0, at).some(isAbout(d, "create-object", catalog)) &&
        !file.slice(at).some(isAbout(d, "drop-object", catalog)),
    );
    if (made === undefined) continue;
    const what = made.kind.replace("-", " ");
    const kept = VIEWS.has(made.kind)
      ? ` (\`${replacement} AS ${column}\` where its own column is to be ${column})`
      : "";
    throw new Refusal(
      `This file makes the ${what} ${made.name} in front of this, and it names ${column}: it would stay with the former column, and the contract would wait until somebody changes it.`,
      `Put CREATE ${what.toUpperCase()} ${made.name} behind this statement, with the new name${kept}. Or put it into a later migration.`,
    );
  }
}
