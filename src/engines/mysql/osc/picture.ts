import type { RelationName } from "../../../model/name.js";
import type { Session } from "../../engine.js";
import { quote } from "../names.js";
import type { Traces } from "./tool.js";

/** All that a table is, so that two can be compared. Names that a second table cannot have are left out. */
export interface Picture {
  /** Lines of SHOW CREATE TABLE, without foreign keys. */
  readonly shape: readonly string[];
  /** Its own foreign keys, and those that point at it. */
  readonly foreignKeys: readonly string[];
  readonly inbound: readonly string[];
  /** The application's triggers. */
  readonly triggers: readonly string[];
}

const OPTIONS = /^\) ENGINE=/;

/** What a line is on any table: no name of a CHECK, which is known once in a schema, and no count. */
function bare(line: string): string {
  const text = line.trim().replace(/,$/, "");
  if (OPTIONS.test(line))
    return text.replace(/ AUTO_INCREMENT=\d+/, "").replace(/ (?:DATA|INDEX) DIRECTORY='[^']*'/g, "");
  return text.replace(/^CONSTRAINT `(?:[^`]|``)*` CHECK /, "CHECK ");
}

/** The servers print CHECKs by their names, so that these have no order of their own. */
export function shapeOf(create: string): readonly string[] {
  const [, ...lines] = create.split("\n");
  const kept = lines.map(bare).filter((line) => !/^CONSTRAINT `(?:[^`]|``)*` FOREIGN KEY /.test(line));
  const checks = kept.filter((line) => line.startsWith("CHECK ")).sort();
  return [...kept.filter((line) => !line.startsWith("CHECK ")), ...checks];
}

/** @throws the server's error where there is no such table */
export async function shapeIn(session: Session, table: string): Promise<readonly string[]> {
  const [row] = await session.query(`SHOW CREATE TABLE ${quote(table)}`);
  return shapeOf(String(Object.values(row ?? {})[1] ?? ""));
}

const KEYS = (own: boolean) => `
  SELECT k.TABLE_NAME AS child, k.REFERENCED_TABLE_NAME AS parent, r.UPDATE_RULE AS onUpdate, r.DELETE_RULE AS onDelete,
         GROUP_CONCAT(CONCAT(k.COLUMN_NAME, '>', k.REFERENCED_COLUMN_NAME) ORDER BY k.ORDINAL_POSITION) AS pairs
    FROM information_schema.KEY_COLUMN_USAGE k
    JOIN information_schema.REFERENTIAL_CONSTRAINTS r
      ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
   WHERE k.REFERENCED_TABLE_NAME IS NOT NULL
     AND k.${own ? "TABLE_SCHEMA" : "REFERENCED_TABLE_SCHEMA"} = DATABASE() AND k.${own ? "TABLE_NAME" : "REFERENCED_TABLE_NAME"} = ?
   GROUP BY k.CONSTRAINT_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.REFERENCED_TABLE_NAME, r.UPDATE_RULE, r.DELETE_RULE`;

/** Without their names: of a second table they are others. */
async function keysOf(session: Session, table: string, own: boolean): Promise<readonly string[]> {
  const rows = await session.query<Record<string, string>>(KEYS(own), [table]);
  return rows.map((r) => `${r.child} ${r.pairs} ${r.parent} ${r.onUpdate} ${r.onDelete}`).sort();
}

const TRIGGERS = `SELECT TRIGGER_NAME AS name, ACTION_TIMING AS timing, EVENT_MANIPULATION AS event, ACTION_STATEMENT AS body
  FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ?`;

export async function pictureOf(session: Session, { name }: RelationName, traces: Traces): Promise<Picture> {
  const triggers = await session.query<Record<"name" | "timing" | "event" | "body", string>>(TRIGGERS, [name]);
  const others = triggers.filter((t) => traces.trigger?.test(t.name) !== true);
  return {
    shape: await shapeIn(session, name),
    foreignKeys: await keysOf(session, name, true),
    inbound: await keysOf(session, name, false),
    triggers: others.map((t) => `${t.timing} ${t.event} ${t.body}`).sort(),
  };
}

const without = (a: readonly string[], b: readonly string[]): string[] => a.filter((line) => !b.includes(line));

/** In what one table is not the other, for people; empty where they are alike. */
export function differences(wanted: Picture, found: Picture): string[] {
  const parts = (["shape", "foreignKeys", "inbound", "triggers"] as const).flatMap((part) => [
    ...without(wanted[part], found[part]).map((line) => `it has not: ${line}`),
    ...without(found[part], wanted[part]).map((line) => `it has: ${line}`),
  ]);
  const moved = parts.length === 0 && wanted.shape.join("\n") !== found.shape.join("\n");
  return moved ? ["its columns or indexes stand in another order"] : parts;
}
