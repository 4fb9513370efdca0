import type { StoredObject } from "../../../model/catalog.js";
import type { Session } from "../../engine.js";
import { classify } from "../execute/errors.js";
import { literal, quote, TRIGGER_PREFIX } from "../names.js";
import type { MysqlDialect } from "../parse/dialect.js";
import { inMode } from "../server-mode.js";

interface Listed {
  readonly object: "view" | "trigger" | "function" | "procedure" | "event" | "sequence";
  readonly name: string;
  readonly onName: string | null;
  readonly comment: string | null;
}

const LIST = `
  SELECT 'view' AS object, TABLE_NAME AS name, NULL AS onName, NULL AS comment FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()
  UNION ALL SELECT 'trigger', TRIGGER_NAME, EVENT_OBJECT_TABLE, NULL FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()
  UNION ALL SELECT LOWER(ROUTINE_TYPE), ROUTINE_NAME, NULL, ROUTINE_COMMENT FROM information_schema.ROUTINES
    WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE')
  UNION ALL SELECT 'event', EVENT_NAME, NULL, EVENT_COMMENT FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()
  UNION ALL SELECT 'sequence', TABLE_NAME, NULL, NULL FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'SEQUENCE'`;

/** Triggers in the order in which they run, those of one table, time and event together. */
const TRIGGER_ORDER = `
  SELECT TRIGGER_NAME AS name, CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE) AS moment
  FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY ACTION_ORDER`;

const VIEW_COLUMNS = `
  SELECT c.TABLE_NAME AS name, c.COLUMN_NAME AS columnName FROM information_schema.COLUMNS c
  JOIN information_schema.VIEWS v ON v.TABLE_SCHEMA = c.TABLE_SCHEMA AND v.TABLE_NAME = c.TABLE_NAME
  WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION`;

/** What SHOW CREATE says under one of its many names; null when this user may not read it. */
async function shown(
  session: Session,
  { object, name }: Listed,
): Promise<{ text: string; mode: string | null } | null> {
  try {
    const [row] = await session.query<Record<string, string | null>>(
      `SHOW CREATE ${object.toUpperCase()} ${quote(name)}`,
    );
    const entries = Object.entries(row ?? {});
    const text = entries.find(([key]) => /^(create |sql original)/i.test(key))?.[1] ?? null;
    return text === null ? null : { text, mode: row?.sql_mode ?? null };
  } catch (error) {
    if (classify(error) === "connection-lost") throw error;
    return null;
  }
}

async function restoreOf(session: Session, listed: Listed, dialect: MysqlDialect): Promise<readonly string[] | null> {
  if (listed.object === "sequence") return null;
  const found = await shown(session, listed);
  if (found === null) return null;
  // One that was made in a packet of several statements has kept the `;` behind it.
  const text = found.text.replace(/;\s*$/, "");
  const replacing = text.replace(/^CREATE /i, "CREATE OR REPLACE ");
  if (listed.object === "view") return [replacing];
  // MySQL has no OR REPLACE for the others.
  const made = (sql: string) => (found.mode === null ? [sql] : inMode(literal(found.mode), sql));
  if (dialect === "mariadb") return made(replacing);
  return [`DROP ${listed.object.toUpperCase()} IF EXISTS ${quote(listed.name)}`, ...made(text)];
}

/**
 * Views, triggers, routines, events and sequences of the database that the session is in, as the server prints them.
 * Our own triggers and views are none of the application's.
 */
export async function readObjects(session: Session, dialect: MysqlDialect): Promise<readonly StoredObject[]> {
  const all = await session.query<Listed>(LIST);
  const columns = await session.query<{ name: string; columnName: string }>(VIEW_COLUMNS);
  const ours = ({ name }: { readonly name: string }) => name.startsWith(TRIGGER_PREFIX);
  const order = (await session.query<{ name: string; moment: string }>(TRIGGER_ORDER)).filter((t) => !ours(t));
  const behind = (name: string): readonly string[] => {
    const at = order.findIndex((t) => t.name === name);
    return order.slice(at + 1).flatMap((t) => (t.moment === order[at]?.moment ? [t.name] : []));
  };
  const objects: StoredObject[] = [];
  for (const listed of all.filter((o) => !ours(o)))
    objects.push(
      Object.freeze({
        object: listed.object,
        name: Object.freeze({ schema: null, name: listed.name }),
        on: listed.onName === null ? null : Object.freeze({ schema: null, name: listed.onName }),
        parameters: null,
        restore: await restoreOf(session, listed, dialect),
        comment: listed.comment,
        ...(listed.object === "trigger" ? { precedes: behind(listed.name) } : {}),
        columns: listed.object === "view" ? columns.filter((c) => c.name === listed.name).map((c) => c.columnName) : [],
      }),
    );
  return Object.freeze(objects);
}
