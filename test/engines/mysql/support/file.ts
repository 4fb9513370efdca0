import { introspect } from "../../../../src/engines/mysql/introspect/index.js";
import { parseMigration } from "../../../../src/history/load.js";
import type { MigrationPlan, PlanRefusal } from "../../../../src/model/plan.js";
import { planMigration } from "../../../../src/plan/plan.js";
import type { Bench } from "./database.js";

/** A whole file, directives included, against the live schema. */
export async function planText(bench: Bench, text: string) {
  const { engine, server } = bench.database();
  const migration = parseMigration({ id: "20260101000000", slug: "x", file: "x.sql", text, checksum: "" }, engine);
  const catalog = await introspect(bench.session(), bench.dialect);
  return planMigration(migration, { engine, catalog, version: server.version });
}

/** Its plan. @throws Error where there is none */
export async function planFile(bench: Bench, text: string): Promise<MigrationPlan> {
  const { plan, refusals } = await planText(bench, text);
  if (plan === null) throw new Error(refusals.map((r) => `${r.reason} ${r.help}`).join("; "));
  return plan;
}

/** Why it has none. */
export async function refusalOf(bench: Bench, text: string): Promise<PlanRefusal> {
  const [refusal] = (await planText(bench, text)).refusals;
  if (refusal === undefined) throw new Error(`there is a plan of ${text}`);
  return refusal;
}
