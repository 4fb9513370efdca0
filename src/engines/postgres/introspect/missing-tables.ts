import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import type { Session } from "../../engine.js";
import { missingTablesBy, triggersOn } from "../../missing-table.js";
import { quote, quoteRelation } from "../names.js";

const TRIGGER = /^CREATE TRIGGER ("(?:[^"]|"")+")/;

const THERE = `
  SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relname = $2 AND CASE WHEN $1::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $1 END`;

const TRIGGERED = `
  SELECT DISTINCT n.nspname::text AS schema, c.relname::text AS name
  FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE '"' || pg_catalog.replace(t.tgname, '"', '""') || '"' = ANY ($1::text[])`;

async function isMissing(session: Session, { schema, name }: RelationName): Promise<boolean> {
  return (await session.query(THERE, [schema, name])).length === 0;
}

/** A trigger goes where its table goes, whatever that is called. */
async function nameBack(session: Session, relation: RelationName, steps: readonly Step[]): Promise<string | null> {
  const found = await session.query<{ schema: string; name: string }>(TRIGGERED, [
    triggersOn(steps, quoteRelation(relation), TRIGGER),
  ]);
  const [now] = found;
  if (now === undefined || found.length > 1) return null;
  if (now.name !== relation.name) return `ALTER TABLE ${quoteRelation(now)} RENAME TO ${quote(relation.name)}`;
  return relation.schema === null ? null : `ALTER TABLE ${quoteRelation(now)} SET SCHEMA ${quote(relation.schema)}`;
}

export const missingTables = missingTablesBy({ isMissing, nameBack });
