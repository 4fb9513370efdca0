import { holdsRight, rightsIn, tablesNamed } from "../engines/rights.js";
import type { Privileges } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { allTables, type Known } from "./known.js";
import { changeTable } from "./tables.js";

/** What is known behind a GRANT or REVOKE on tables (PostgreSQL). Rights stay with a table that is renamed. */
export function applyRights(known: Known, privileges: Privileges): Known {
  if (known.dialect !== undefined || privileges.grantees === undefined) return known;
  const named = rightsIn(privileges);
  const change = (had: readonly string[]) =>
    privileges.action === "grant" ? [...new Set([...had, ...named])] : had.filter((right) => !holdsRight(named, right));
  return tablesOf(known, privileges.on ?? "").reduce(
    (k, relation) => changeTable(k, relation, (t) => ({ ...t, rights: Object.freeze(change(t.rights ?? [])) })),
    known,
  );
}

function tablesOf(known: Known, on: string): readonly RelationName[] {
  const inSchema = /^\s*ALL\s+TABLES\s+IN\s+SCHEMA\s+(.*)$/is.exec(on)?.[1];
  if (inSchema === undefined) return tablesNamed(on);
  const schemas = tablesNamed(inSchema).map(({ name }) => name);
  const all = allTables(known).map(({ relation }) => relation);
  return all.filter(({ schema }) => schemas.includes(schema ?? known.defaultSchema ?? ""));
}
