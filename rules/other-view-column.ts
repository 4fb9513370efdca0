import { findTable } from "../src/engines/engine.js";
import { outputsOf, outputTypesOf, starredOf } from "../src/engines/known-view.js";
import { typeName } from "../src/engines/postgres/effects/type-names.js";
import { knownView } from "../src/engines/table-lookup.js";
import type { RelationName } from "../src/model/name.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine">;

/** CREATE OR REPLACE VIEW may only add columns at the end (PostgreSQL): the first that is another one, or missing. */
export function otherViewColumn(asked: Asked): string | null {
  const { operation, catalog, engine } = asked;
  const view = detailOf(operation, "create-object");
  if (engine.name !== "postgres" || view?.object !== "view" || !view.orReplace || view.name === null) return null;
  const known = knownView(catalog, view.name);
  const before = known?.columns ?? known?.starred ?? null;
  const tableOf = (relation: RelationName) => findTable(catalog, relation);
  const after = outputsOf(view, tableOf) ?? starredOf(view, tableOf);
  if (before === null || after === null) return null;
  const at = before.findIndex((name, n) =>
    after[n] === undefined ? true : name !== null && after[n] !== null && after[n] !== name,
  );
  if (at < 0) return otherType(asked);
  const [old, now] = [before[at], after[at]];
  const which =
    old === null || old === undefined ? `column ${at + 1} of the view` : `column ${engine.quote(old)} of the view`;
  return `${which} ${now === undefined || now === null ? "is left out" : `would be ${engine.quote(now)}`}`;
}

function otherType({ operation, catalog, engine }: Asked): string | null {
  const view = detailOf(operation, "create-object");
  const before = view?.name ? knownView(catalog, view.name) : null;
  const after = view === null ? null : outputTypesOf(view, (relation) => findTable(catalog, relation));
  const at = before?.types?.findIndex((type, n) => !isSameType(type, after?.[n] ?? null)) ?? -1;
  if (at < 0 || after === null) return null;
  return `column ${engine.quote(before?.columns?.[at] ?? "")} of the view is ${shown(before?.types?.[at])}, and not ${shown(after[at])}`;
}

function shown(type: string | null | undefined): string {
  const read = typeof type === "string" ? typeName(type) : null;
  const length = read?.modifiers === null || read === null ? "" : `(${read.modifiers.join(", ")})`;
  return `${read?.name ?? type ?? "another type"}${length}`;
}

/** Whether two types may be the same: those of which nothing is told may. */
function isSameType(before: string | null, after: string | null): boolean {
  const [a, b] = [before, after].map((type) => (type === null ? null : typeName(type)));
  if (a === null || b === null || a === undefined || b === undefined) return true;
  const schemas = a.schema === b.schema || (a.schema !== "pg_catalog" && b.schema !== "pg_catalog");
  return a.name === b.name && schemas && a.array === b.array && String(a.modifiers) === String(b.modifiers);
}
