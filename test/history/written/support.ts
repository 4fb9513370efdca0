import { engineFor } from "../../../src/config/engine.js";
import type { Engine, EngineName } from "../../../src/engines/engine.js";
import { checksum } from "../../../src/files/text.js";
import { parseMigration } from "../../../src/history/load.js";
import { emptyCatalog } from "../../../src/history/replay.js";
import { writtenText } from "../../../src/history/written/write.js";
import type { Migration } from "../../../src/model/migration.js";
import type { MigrationPlan } from "../../../src/model/plan.js";
import { type Planned, planMigration } from "../../../src/plan/plan.js";

export const TABLE = `CREATE TABLE p (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(40) NOT NULL DEFAULT 'x', n int, p_id bigint);
CREATE INDEX t_a ON t (a);`;

export async function loaded(name: EngineName): Promise<Engine> {
  const engine = await engineFor(name);
  await engine.load();
  return engine;
}

export const read = (engine: Engine, text: string): Migration =>
  parseMigration({ id: "20260102000000", slug: "x", file: "migrations/x.sql", text, checksum: checksum(text) }, engine);

/** A file's plan behind `TABLE`, from the files alone. */
export function planned(engine: Engine, text: string): Planned {
  const first = emptyCatalog("files", null, engine.name === "postgres" ? undefined : engine.name);
  const version = engine.oldestVersion;
  const { catalog } = planMigration(read(engine, TABLE), { engine, catalog: first, version });
  return planMigration(read(engine, text), { engine, catalog, version });
}

export function planOf(engine: Engine, text: string): MigrationPlan {
  const { plan, refusals } = planned(engine, text);
  if (plan === null) throw new Error(refusals.map((r) => r.reason).join("; "));
  return plan;
}

/** The file as `plan --write` makes it. */
export const written = (engine: Engine, text: string): string =>
  writtenText(text, planOf(engine, text), { engine, version: engine.oldestVersion.text, source: "files" });
