import { status } from "../apply/status.js";
import { engineFor } from "../config/engine.js";
import type { Fleet, FleetDatabase } from "../config/environments.js";
import type { Settings } from "../config/settings.js";
import { loadMigrations } from "../history/load.js";
import { isPassed } from "../model/gate.js";
import type { StatusReport } from "../model/status-report.js";
import { printableLine } from "../report/lint/printable.js";
import { migrationsJson } from "../report/status/json.js";
import type { ExitCode, Io } from "./command.js";
import { withConnection } from "./database.js";
import { failureOf, settingsOf } from "./fleet.js";
import { withPlace } from "./printed-commands.js";

/** Databases that are asked at once. */
const AT_ONCE = 8;

/** What one of them has said, or why it has not. */
type Asked =
  | { readonly name: string; readonly report: StatusReport }
  | { readonly name: string; readonly error: { readonly code: string; readonly message: string } };

/** How many migrations stand how, the least far first: `1 pending, 12 contracted`. */
function countsOf({ migrations }: StatusReport): string {
  const order = ["failed", "pending", "expanding", "expanded", "backfilling", "backfilled", "contracting"];
  const statuses = [...order, "contracted", "rolled-back"];
  const counts = statuses.map((is) => [is, migrations.filter((m) => m.status === is).length] as const);
  const parts = counts.flatMap(([is, n]) => (n === 0 ? [] : [`${n} ${is}`]));
  return parts.length === 0 ? "no migrations" : parts.join(", ");
}

/** What the first migration that is not finished waits for, and why the first of its gates is shut. */
function nextOf({ migrations }: StatusReport): string {
  const first = migrations.find((m) => m.status !== "contracted" && m.status !== "rolled-back");
  if (first === undefined) return "";
  const shut = first.gates.find((gate) => !isPassed(gate));
  const why = shut === undefined ? "" : `. ${shut.name}: ${shut.reason}`;
  return `; ${first.id}: ${first.next}${why}`;
}

/**
 * `status` of each database of a fleet, a line each.
 *
 * @returns 3 where one cannot be asked
 */
export async function fleetStatus(settings: Settings, fleet: Fleet, json: boolean, io: Io): Promise<ExitCode> {
  const engine = await engineFor(settings.engine, settings.osc);
  const migrations = await loadMigrations(settings.migrations, engine);
  const ask = async (database: FleetDatabase): Promise<Asked> => {
    const { name } = database;
    const own = settingsOf(settings, database);
    try {
      const report = await withConnection(own, "status", (live) => status({ ...own, database: live, migrations }));
      return { name, report };
    } catch (error) {
      return { name, error: failureOf(error, database) };
    }
  };
  const all = fleet.waves.flat();
  const asked: Asked[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    asked.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(ask))));
  io.stdout.write(json ? jsonOf(asked) : textOf(asked));
  return asked.some((one) => "error" in one) ? 3 : 0;
}

function jsonOf(asked: readonly Asked[]): string {
  const databases = asked.map((one) =>
    "error" in one ? one : { name: one.name, migrations: migrationsJson(one.report) },
  );
  return `${JSON.stringify({ version: 1, databases }, null, 2)}\n`;
}

function textOf(asked: readonly Asked[]): string {
  const width = Math.max(...asked.map(({ name }) => name.length));
  const line = (one: Asked) => ("error" in one ? one.error.message : `${countsOf(one.report)}${nextOf(one.report)}`);
  // A command in a line is about its database.
  const own = (one: Asked) => withPlace(line(one), { only: one.name });
  return asked.map((one) => `${one.name.padEnd(width)}  ${printableLine(own(one))}\n`).join("");
}
