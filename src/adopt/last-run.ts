import { basename, dirname } from "node:path";
import type { Database, Session } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import type { Table } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { FormerTool, Recorded, Row } from "./tool.js";

/**
 * The last of the migrations that another tool has run, by its table in this database; null where it has run none.
 *
 * @param migrations of the folder, in their order
 * @throws ZmigrateError no-former-table, former-unreadable, former-unfinished, former-unknown, former-gap (one before it has not run),
 * not-of-tool (a file that is not known to be the tool's)
 */
export async function lastRunBy(
  tool: FormerTool,
  migrations: readonly Migration[],
  database: Database,
  session: Session,
): Promise<string | null> {
  const files = migrations.flatMap((migration) => {
    const version = versionIn(migration, tool);
    return version === null ? [] : [{ migration, version }];
  });
  const rows = await rowsOf(tool, database, session);
  const { run, unfinished, unknown } = recordedBy(
    tool,
    rows,
    files.map(({ version }) => version),
  );
  const about = { tool: tool.label, table: tool.table };
  if (unfinished.length > 0) throw new ZmigrateError("former-unfinished", { ...about, versions: unfinished });
  if (unknown.length > 0) throw new ZmigrateError("former-unknown", { ...about, versions: unknown });
  const last = files.findLastIndex(({ version }) => run.has(version));
  const before = files.slice(0, Math.max(last, 0)).filter(({ version }) => !run.has(version));
  const lastFile = files[last]?.migration;
  if (before.length > 0) {
    const left = files.filter(({ version }) => !run.has(version)).map(({ migration }) => migration);
    throw new ZmigrateError("former-gap", {
      ...about,
      missing: before.map(({ migration }) => migration.file),
      last: lastFile?.file ?? "",
      moves: movesBehind(left, lastFile?.id ?? "0"),
    });
  }
  return lastFile?.id ?? null;
}

/**
 * How files get their places behind one that has run, in their order: what they are called, and would be. The last one comes
 * first, so that no name is taken.
 */
function movesBehind(left: readonly Migration[], last: string): { readonly from: string; readonly to: string }[] {
  let behind = BigInt(last);
  const moves: { from: string; to: string }[] = [];
  for (const { id, file } of left) {
    const from = basename(file);
    const stays = BigInt(id) > behind;
    behind = stays ? BigInt(id) : behind + 1n;
    if (!stays) moves.unshift({ from, to: `${String(behind).padStart(id.length, "0")}${from.slice(id.length)}` });
  }
  return moves;
}

/** @throws ZmigrateError former-unreadable */
function recordedBy(tool: FormerTool, rows: readonly Row[], versions: readonly string[]): Recorded {
  try {
    return tool.recorded(rows, versions);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ZmigrateError("former-unreadable", { tool: tool.label, table: tool.table, reason }, { cause });
  }
}

/** Null for a file of ours that stands behind those of the tool. */
function versionIn({ file, directives }: Migration, tool: FormerTool): string | null {
  const imported = directives.find((d) => d.kind === "imported");
  if (imported === undefined) return tool.versionOf(basename(file), dirname(file));
  if (imported.tool === tool.name) return imported.version;
  throw new ZmigrateError("not-of-tool", { file, tool: tool.label, from: imported.tool });
}

async function rowsOf(tool: FormerTool, database: Database, session: Session): Promise<readonly Row[]> {
  const { tables, defaultSchema } = await database.introspect(session);
  const found = tables.filter(({ relation }) => relation.name.toLowerCase() === tool.table);
  const isDefault = ({ relation }: Table) => relation.schema === null || relation.schema === defaultSchema;
  const table = found.find(isDefault) ?? (found.length === 1 ? found[0] : undefined);
  if (table === undefined)
    throw new ZmigrateError("no-former-table", {
      ...{ tool: tool.label, table: tool.table, target: database.server.target },
      schemas: found.flatMap(({ relation }) => relation.schema ?? []),
    });
  return session.query(`SELECT * FROM ${database.engine.quoteRelation(table.relation)}`);
}
