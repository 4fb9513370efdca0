import { holdsRight, rightsIn, schemasNamed, tablesNamed } from "../engines/rights.js";
import type { Privileges } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { withDefaultRights } from "./default-rights.js";
import type { Known } from "./known.js";
import { allTables } from "./known-tables.js";
import { valuesOf } from "./persistent-map.js";
import { changeTable } from "./tables.js";
import { changeView } from "./views.js";

type Change = (had: readonly string[]) => readonly string[];

/** What is known behind a GRANT or REVOKE on tables and views (PostgreSQL). Rights stay with a table that is renamed. */
export function applyRights(known: Known, privileges: Privileges): Known {
  if (known.dialect !== undefined || privileges.grantees === undefined) return known;
  if (privileges.defaultIn !== undefined) return withDefaultRights(known, privileges);
  const named = rightsIn(privileges);
  if (privileges.on === null) return withMembers(known, privileges.action, named);
  const change = (had: readonly string[]) =>
    Object.freeze(
      privileges.action === "grant"
        ? [...new Set([...had, ...named])]
        : had.filter((right) => !holdsRight(named, right)),
    );
  const on = privileges.on ?? "";
  const schemas = schemasNamed(on);
  return schemas.length > 0
    ? inSchemas(known, schemas, change)
    : tablesNamed(on).reduce((k, r) => onOne(k, r, change), known);
}

/** GRANT and REVOKE of a role. */
function withMembers(known: Known, action: Privileges["action"], named: readonly string[]): Known {
  const others = known.members.filter((had) => !named.includes(had));
  return { ...known, members: Object.freeze(action === "grant" ? [...others, ...named] : others) };
}

function onOne(known: Known, relation: RelationName, change: Change): Known {
  const changed = changeTable(known, relation, (t) => ({ ...t, rights: change(t.rights ?? []) }));
  return changeView(changed, relation, (v) => ({ ...v, rights: change(v.rights) }));
}

function inSchemas(known: Known, schemas: readonly string[], change: Change): Known {
  const isThere = (schema: string | null) => schemas.includes(schema ?? known.defaultSchema ?? "");
  const tables = allTables(known).filter(({ relation }) => isThere(relation.schema));
  const views = valuesOf(known.views).filter(({ name }) => isThere(name.schema));
  const named = [...tables.map((t) => t.relation), ...views.map((v) => v.name)];
  return named.reduce((k, r) => onOne(k, r, change), known);
}
