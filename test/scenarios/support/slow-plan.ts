import { query } from "../../servers/index.js";
import { connect } from "./clients.js";

/** What of a recorded plan compares rows. */
interface Comparing {
  readonly steps: { adds?: { written: string }; verify: { mismatch: string } | null }[];
}

/** A condition that is true for no row and takes its time over the table. @param seconds for 5,000 rows, about */
const slow = (url: string, seconds: number): string =>
  url.startsWith("postgres")
    ? `CASE WHEN id % 50 = 0 THEN pg_sleep(${seconds / 100}) IS NULL ELSE FALSE END`
    : `IF(id % 50 = 0, SLEEP(${seconds / 100}) = 1, FALSE)`;

/** Puts a slow condition in the place of those by which the one recorded plan compares rows. */
export async function slowDown(url: string, seconds: number): Promise<void> {
  const table = url.startsWith("postgres") ? "zmigrate.migrations" : "zmigrate_migrations";
  const [row] = await query(url, `SELECT plan FROM ${table}`);
  const plan = JSON.parse(String(row?.plan)) as Comparing;
  for (const { adds, verify } of plan.steps) {
    if (adds !== undefined) adds.written = slow(url, seconds);
    if (verify !== null) verify.mismatch = slow(url, seconds);
  }
  const client = await connect(url);
  await client.query(`UPDATE ${table} SET plan = ?`, [JSON.stringify(plan)]).finally(() => client.end());
}
