import { findTable, sameRelation } from "../src/engines/engine.js";
import { type TypeName, typeName } from "../src/engines/postgres/effects/type-names.js";
import type { Breakage } from "../src/model/effect.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

/**
 * What running code meets of a column's new type (PostgreSQL). It knows the old one by the name that it had before the file,
 * and finds another one by that name where the file, or its transaction, gives it that: what was prepared before does not.
 */
export function typeMet({ why, meets }: Breakage, context: RuleContext): string {
  const detail = detailOf(context.operation, "alter-column-type");
  const known = detail === null || meets !== true ? undefined : typeBefore(detail.column, context);
  if (detail === null || known === undefined) return why;
  const [before, now] = [typeName(known), typeName(detail.type)];
  if (before === null || now === null || !isNamedSo(now, before, context))
    return `statements that bind or compare ${detail.column} as ${known} meet ${detail.type}`;
  return `statements that were prepared before fail where they bind ${detail.column} or give it back (XX000, 0A000), as this is another ${known}: connections have to be opened anew`;
}

function typeBefore(column: string, { operation, deployed }: RuleContext): string | undefined {
  const table = operation.relation === null ? null : findTable(deployed, operation.relation);
  return table?.columns.find(({ name }) => name === column)?.type;
}

/** Whether a type has another one's name, or gets it in the same transaction. */
function isNamedSo(now: TypeName, before: TypeName, { catalog, laterOn }: RuleContext): boolean {
  if (now.array !== before.array || before.schema === "pg_catalog") return false;
  const isIt = (a: TypeName, b: TypeName) => sameRelation(a, b, catalog.defaultSchema);
  const becomes = laterOn(before.name).flatMap((later) => {
    const renamed = detailOf(later, "rename-object");
    return renamed === null || renamed.name === null ? [] : { from: renamed.name, to: renamed.to };
  });
  return (
    isIt(now, before) ||
    becomes.some(({ from, to }) => sameRelation(from, now, catalog.defaultSchema) && isIt({ ...now, name: to }, before))
  );
}
