import type { Engine } from "../engines/engine.js";
import type { RelationName } from "../model/name.js";
import { mayName } from "./text.js";

/** Its body is text, and looks for what it names when it runs. */
const ROUTINE = /^\s*CREATE\b[^'$]*?\b(?:FUNCTION|PROCEDURE)\b/is;

/** Whether a statement makes a routine whose text may name a table or view. */
export const namedInRoutine = (sql: string, { name }: RelationName): boolean => ROUTINE.test(sql) && mayName(sql, name);

/** Whether a statement looks for a table or view by this name, or makes a routine whose text may. */
export function namesRelation(
  engine: Pick<Engine, "parse" | "tablesNeeded">,
  sql: string,
  relation: RelationName,
): boolean {
  // Reading a statement costs, and hardly any names one of these.
  if (!mayName(sql, relation.name)) return false;
  if (ROUTINE.test(sql)) return true;
  const operations = engine.parse(sql).statements.flatMap((s) => s.operations);
  return operations.some((o) => engine.tablesNeeded(o, sql).some(({ name }) => name === relation.name));
}
