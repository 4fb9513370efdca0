import { findTable } from "../src/engines/engine.js";
import type { Catalog } from "../src/model/catalog.js";
import type { RelationName } from "../src/model/name.js";
import type { DetailOf } from "../src/model/operation-detail.js";
import { MYSQL_ENGINES, type Rule } from "./rule.js";
import { detailOf } from "./understood.js";

type Modified = DetailOf<"modify-column">;

const same = (a: string | undefined, b: string): boolean => a?.toLowerCase() === b.toLowerCase();

/** FIRST and AFTER that leave the column where it is move nothing; where the table is not known, they may. */
function moves({ column, position }: Modified, relation: RelationName, catalog: Catalog): boolean {
  const columns = findTable(catalog, relation)?.columns.map(({ name }) => name);
  const at = columns?.findIndex((name) => same(name, column)) ?? -1;
  if (columns === undefined || at < 0 || position === null) return position !== null;
  return position === "first" ? at > 0 : !same(columns[at - 1], position.after);
}

export const rule: Rule = {
  id: "moving-column",
  engines: MYSQL_ENGINES,
  severity: "warning",
  aside: true,
  protects:
    "A column that moves takes others' places: code that writes by position puts values into other columns, without an error.",
  check({ operation, catalog, engine, phase }) {
    const modified = detailOf(operation, "modify-column");
    if (modified === null || operation.relation === null || phase === "contract") return null;
    if (!moves(modified, operation.relation, catalog)) return null;
    return {
      message: `${engine.quote(modified.column)} stands elsewhere from now on: INSERT without a column list puts values into other columns without an error, and code that reads SELECT * by position gets other values.`,
      help: "Leave FIRST and AFTER out: the order of columns means nothing to SQL that names them.",
    };
  },
  bad: [{ sql: "ALTER TABLE people MODIFY age int AFTER id;" }],
  good: [{ sql: "ALTER TABLE users MODIFY age int;" }],
};
