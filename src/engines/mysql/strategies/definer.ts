import { type RelationName, show } from "../../../model/name.js";
import type { Phased } from "../../engine.js";

/**
 * Says whose rights every write depends on while there are triggers of ours. Measured on MySQL 9.7 and MariaDB 10.11: a
 * definer that has lost TRIGGER, or is gone, fails the application's writes (errors 1142, 1449).
 */
export function withDefiner(phased: Phased, relation: RelationName | null): Phased {
  if (relation === null || !phased.steps.some((s) => s.sql.some((sql) => /^CREATE TRIGGER/.test(sql)))) return phased;
  const note = `Triggers run with the rights of the user who runs \`zmigrate apply\`: as long as they are there, every write to ${show(relation)} fails if this user is dropped, or loses TRIGGER on it.`;
  return { ...phased, notes: [...phased.notes, note] };
}
