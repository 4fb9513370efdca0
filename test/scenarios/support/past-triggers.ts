import { query } from "../../servers/index.js";
import { connect } from "./clients.js";

interface Trigger {
  readonly name: string;
  readonly create: string;
}

/** The triggers of a table, in the order in which they must be made again. */
async function triggersOf(url: string, table: string): Promise<Trigger[]> {
  const shown = await query(url, `SHOW TRIGGERS LIKE '${table}'`);
  const triggers: Trigger[] = [];
  for (const { Trigger: name } of shown) {
    const [made] = await query(url, `SHOW CREATE TRIGGER \`${String(name)}\``);
    triggers.push({ name: String(name), create: String(made?.["SQL Original Statement"]) });
  }
  return triggers;
}

/**
 * Writes to a table with no trigger to see it: on PostgreSQL as a subscription's apply worker does, on MySQL without the
 * triggers, as a cascade or a row-based replica does.
 */
export async function pastTriggers(url: string, table: string, sql: string): Promise<void> {
  const client = await connect(url);
  try {
    if (url.startsWith("postgres")) {
      await client.query("SET session_replication_role = replica");
      await client.query(sql);
      return;
    }
    const triggers = await triggersOf(url, table);
    for (const { name } of triggers) await client.query(`DROP TRIGGER \`${name}\``);
    await client.query(sql);
    for (const { create } of triggers) await client.query(create);
  } finally {
    await client.end();
  }
}

/** The statements that a failed verification offers. */
export function waysOut(stderr: string): { readonly oldWins: string; readonly newWins: string } {
  const way = (side: string) => new RegExp(`-- the ${side} side wins:\\n\\s*(UPDATE .*);`).exec(stderr)?.[1] ?? "";
  return { oldWins: way("old"), newWins: way("new") };
}
