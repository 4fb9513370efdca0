import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import type { Session } from "../../engine.js";
import { missingTablesBy, triggersOn } from "../../missing-table.js";
import { numberOf } from "../execute/errors.js";
import { quoteRelation } from "../names.js";

const TRIGGER = /^CREATE TRIGGER (?:`(?:[^`]|``)+`\.)?(`(?:[^`]|``)+`)/;

/** ER_BAD_DB_ERROR, ER_NO_SUCH_TABLE. */
const ABSENT: ReadonlySet<number> = new Set([1049, 1146]);

/** Asked for, since the catalog hides tables from who has no right on them. */
async function isMissing(session: Session, relation: RelationName): Promise<boolean> {
  try {
    await session.query(`SELECT 1 FROM ${quoteRelation(relation)} LIMIT 0`);
    return false;
  } catch (error) {
    return ABSENT.has(numberOf(error));
  }
}

/** A trigger goes where its table goes, whatever that is called. */
async function nameBack(session: Session, relation: RelationName, steps: readonly Step[]): Promise<string | null> {
  const names = triggersOn(steps, quoteRelation(relation), TRIGGER);
  if (names.length === 0) return null;
  const found = await session.query<{ name: string }>(
    `SELECT DISTINCT EVENT_OBJECT_TABLE AS name FROM information_schema.TRIGGERS
     WHERE TRIGGER_SCHEMA = COALESCE(?, DATABASE())
       AND CONCAT('\`', REPLACE(TRIGGER_NAME, '\`', '\`\`'), '\`') IN (${names.map(() => "?").join(", ")})`,
    [relation.schema, ...names],
  );
  const [now] = found;
  if (now === undefined || found.length > 1) return null;
  return `RENAME TABLE ${quoteRelation({ ...relation, name: now.name })} TO ${quoteRelation(relation)}`;
}

export const missingTables = missingTablesBy({ isMissing, nameBack });
