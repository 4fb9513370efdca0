import { findTable } from "../src/engines/engine.js";
import { tableOfIndex } from "../src/engines/table-lookup.js";
import type { Index } from "../src/model/catalog.js";
import type { Missing } from "./missing-from-history.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine">;

/** Why PostgreSQL takes an index for no UNIQUE or PRIMARY KEY by USING INDEX; null where it does, or that is not told. */
export function refusedIndex({ operation, catalog, engine }: Asked): Missing | null {
  const name = detailOf(operation, "add-constraint")?.usingIndex ?? null;
  const table = operation.relation === null ? null : findTable(catalog, operation.relation);
  if (name === null || table === null || engine.name !== "postgres") return null;
  const own = table.indexes.find((index) => index.name === name);
  const called = `index ${engine.quote(name)}`;
  if (own === undefined) {
    const other = tableOfIndex(catalog, { schema: table.relation.schema, name });
    if (other !== null) return refusal(`${called} is one of ${engine.quoteRelation(other.relation)} (55000)`);
    return refusal(`${engine.quoteRelation(table.relation)} has no ${called} (42704)`);
  }
  const why = unfit(own);
  return why === null ? null : refusal(`${called} ${why}`);
}

const refusal = (what: string): Missing => ({
  what,
  help: "Name a unique index of the table over plain columns, of all rows, in their usual order; or build such a one in front of it, with CREATE UNIQUE INDEX CONCURRENTLY.",
});

function unfit({ unique, constraint, definition, valid }: Index): string | null {
  if (constraint !== null) return "is a constraint's already (55000)";
  if (!unique) return "is not unique (42809)";
  // What a build left unfinished may be another one by now.
  if (!valid) return null;
  const behind = definition.replace(/"(?:[^"]|"")*"/g, "x");
  if (/\)[^()]*\bwhere\b/i.test(behind)) return "is one of some rows only, by its WHERE (42809)";
  const keys = /\bon\b[^(]*\(([^()]*)\)/i.exec(behind)?.[1];
  if (keys === undefined) return "is over an expression (42809)";
  return /\bdesc\b|\bnulls\s+first\b/i.test(keys) ? "is in another order than the usual one (42809)" : null;
}
