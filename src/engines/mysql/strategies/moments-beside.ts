import type { RelationName } from "../../../model/name.js";
import { findTable, type Phased } from "../../engine.js";
import { quote } from "../names.js";
import { baseType } from "../triggers/values.js";
import type { MysqlContext } from "./algorithms.js";
import { triggersBefore } from "./app-triggers.js";
import { mustBeWritten } from "./lent-default.js";

/**
 * Says of a table's TIMESTAMPs what triggers of ours change for them. Measured on MariaDB 10.11: with a BEFORE trigger for
 * INSERT or UPDATE on the table, one that is NOT NULL without a default gets the present where an INSERT leaves it out; else
 * it is zero, or error 1364 for a strict writer.
 */
export function withMoments(phased: Phased, relation: RelationName | null, context: MysqlContext): Phased {
  const { steps, notes } = phased;
  const writes = (text: string) => steps.some((step) => step.sql.some((sql) => sql.includes(text)));
  if (context.dialect !== "mariadb" || relation === null || !writes("CREATE TRIGGER")) return phased;
  const table = findTable(context.catalog, relation);
  if (table === null || triggersBefore(table, context, ["INSERT", "UPDATE"]).length > 0) return phased;
  const left = table.columns.filter(
    (c) => baseType(c.type) === "timestamp" && mustBeWritten(c) && !writes(`ALTER COLUMN ${quote(c.name)} SET DEFAULT`),
  );
  if (left.length === 0) return phased;
  const names = left.map((c) => c.name).join(", ");
  const note = `As long as the triggers are there, an INSERT that leaves ${names} out (TIMESTAMP NOT NULL without a default) gets the present, as on any table of MariaDB that has a BEFORE trigger; without them it is refused (error 1364), or zero without strict mode. Code that leaves it out has to write it first.`;
  return { ...phased, notes: [...notes, note] };
}
