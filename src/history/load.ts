import type { Engine } from "../engines/engine.js";
import { ZmigrateError } from "../errors.js";
import { lazyCode } from "../files/code/load.js";
import { badDirective, readDirectives } from "../files/directives.js";
import { isBackfillFile } from "../files/name.js";
import { originalText } from "../files/original.js";
import { positionOf } from "../files/position.js";
import { readMigrationFile, readMigrationsFolder } from "../files/read.js";
import { checkScopes } from "../files/scope.js";
import type { Migration, MigrationFile } from "../model/migration.js";
import { readWritten } from "./written/read.js";

/**
 * Reads and parses migrations: all of a folder in order, or the named files in the order given.
 *
 * @param source a folder's path, or files' paths
 * @throws ZmigrateError folder-not-found, file-not-found, bad-file-name, duplicate-id, syntax-error, bad-directive
 * @example
 * const migrations = await loadMigrations("migrations", await engineFor("postgres"));
 */
export async function loadMigrations(
  source: string | readonly string[],
  engine: Engine,
): Promise<readonly Migration[]> {
  const files = typeof source === "string" ? readMigrationsFolder(source) : source.map(readMigrationFile);
  await engine.load();
  return Object.freeze(files.map((file) => parseMigration(file, engine)));
}

/**
 * Parses one file. The engine must be loaded. A backfill in TypeScript has no statements, and nothing of its code is run.
 *
 * @throws ZmigrateError syntax-error at the first problem, bad-directive
 */
export function parseMigration(file: MigrationFile, engine: Engine): Migration {
  if (isBackfillFile(file.file))
    return Object.freeze({ ...file, statements: [], directives: [], code: lazyCode(file.file, file.text) });
  const parsed = engine.parse(file.text);
  const [problem] = parsed.problems;
  if (problem !== undefined) {
    const place = positionOf(file.text, problem.span.start);
    throw new ZmigrateError("syntax-error", {
      ...{ file: file.file, ...place, reason: problem.message },
      readAs: engine.name,
    });
  }
  const directives = readDirectives(file.file, file.text, parsed.comments);
  const migration = Object.freeze({ ...file, statements: parsed.statements, directives });
  checkScopes(migration);
  return putBack(migration, engine);
}

/** Of a file that `plan --write` has put into phases what it was before, and its steps beside that. */
function putBack(migration: Migration, engine: Engine): Migration {
  const kept = migration.directives.find((d) => d.kind === "written");
  if (kept === undefined) return migration;
  const text = originalText(migration.text);
  if (text === null) {
    const reason = "this line belongs to files that `plan --write` has made, which begin with `-- zmigrate:from`";
    throw badDirective(migration.file, migration.text, kept.span.start, { reason, help: "Remove it." });
  }
  const written = readWritten(migration, engine);
  const { id, slug, file, checksum } = migration;
  return Object.freeze({ ...parseMigration({ id, slug, file, text, checksum }, engine), written });
}
