import type { Shadow } from "../engines/shadow.js";
import type { Catalog, Column, StoredObject, Table } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import { type Difference, differences, keyOfObject } from "./compare.js";
import { replay } from "./replay.js";

/** Who owns what and who may use it is each database's own, and so is what is published, counted and guessed. */
const objectAlone = ({ owner: _, grants: __, ...rest }: StoredObject): StoredObject => ({
  ...rest,
  restore: rest.restore?.filter((sql) => !OF_SURROUNDINGS.test(sql)) ?? null,
});

/** A statement that gives a right or an owner, as the catalog writes it, or the sql_mode of who made the object. */
const OF_SURROUNDINGS = /^(?:GRANT|REVOKE)\b|^ALTER [^']* OWNER TO |^SET SESSION sql_mode = /;

const columnAlone = ({ defaultDenied: _, ...rest }: Column): Column => ({ ...rest, grants: [] });

function tableAlone(table: Table): Table {
  const { owner: _, grants: __, rights: ___, publications: ____, helpers: _____, ...rest } = table;
  const dependents = rest.dependents.filter(({ kind }) => kind !== "publication");
  return { ...rest, dependents, columns: rest.columns.map(columnAlone) };
}

/** Where migration tools keep what they have run. They make it themselves, so no file does. */
const KEPT_BY_TOOLS: ReadonlySet<string> = new Set([
  "__diesel_schema_migrations",
  "__drizzle_migrations",
  "_prisma_migrations",
  "alembic_version",
  "ar_internal_metadata",
  "atlas_schema_revisions",
  "databasechangelog",
  "databasechangeloglock",
  "django_migrations",
  "flyway_schema_history",
  "goose_db_version",
  "knex_migrations",
  "knex_migrations_lock",
  "pgmigrations",
  "schema_migrations",
  "sequelizemeta",
]);

/** A tool's schema of its own. */
const SCHEMAS_OF_TOOLS: ReadonlySet<string> = new Set(["atlas_schema_revisions", "drizzle", "zmigrate"]);

/** A table of a tool, and its sequences and triggers, which are named after it. */
function isKeptByTool(name: string, schema: string | null): boolean {
  if (SCHEMAS_OF_TOOLS.has(schema ?? "")) return true;
  const lower = name.toLowerCase();
  return KEPT_BY_TOOLS.has(lower) || [...KEPT_BY_TOOLS].some((table) => lower.startsWith(`${table}_`));
}

/** What is asked about: the schema of an application, as its files could make it. */
const ofApplication = (catalog: Catalog): Catalog => ({
  ...catalog,
  tables: catalog.tables.filter(({ relation: r }) => !isKeptByTool(r.name, r.schema)).map(tableAlone),
  ...(catalog.objects === undefined
    ? {}
    : {
        objects: catalog.objects
          .filter(({ object, name, on }) => {
            const { name: own, schema } = on ?? name;
            return object === "schema" ? !SCHEMAS_OF_TOOLS.has(own) : !isKeptByTool(own, schema);
          })
          .map(objectAlone),
      }),
});

/**
 * A database's schema with its objects as the shadow prints them: another version of the server prints the query of the same
 * view in other words. What the shadow does not take stays as it is.
 */
async function asPrinted(
  live: Catalog,
  made: Catalog,
  shadow: Shadow,
  comparable: (catalog: Catalog) => Catalog,
): Promise<Catalog> {
  if (shadow.isolated !== true || live.objects === undefined) return live;
  const texts = new Map(made.objects?.map((o) => [keyOfObject(o), String(o.restore)]));
  const differs = (o: StoredObject) => (texts.get(keyOfObject(o)) ?? String(o.restore)) !== String(o.restore);
  const taken = new Set<string>();
  for (const o of live.objects.filter(differs))
    if ((await shadow.run(o.restore ?? [])).failed === null) taken.add(keyOfObject(o));
  if (taken.size === 0) return live;
  const printed = new Map(comparable(await shadow.introspect()).objects?.map((o) => [keyOfObject(o), o.restore]));
  const objects = live.objects.map((o) => {
    const restore = taken.has(keyOfObject(o)) ? printed.get(keyOfObject(o)) : undefined;
    return restore === undefined ? o : { ...o, restore };
  });
  return { ...live, objects };
}

/**
 * How a database's schema differs from the one that migrations make, run as they are written where there is nothing else.
 * Owners, rights, publications and the tables in which migration tools keep what they have run are no part of either.
 *
 * @param live the database's schema
 * @param open an empty database of the same version
 * @throws ZmigrateError shadow-failed at the first statement that the shadow refuses
 * @example
 * await filesAgainst(migrations, live, () => openShadow(texts, version));
 * // ["index i of public.t is there only in the files"]
 */
export async function filesAgainst(
  migrations: readonly Migration[],
  live: Catalog,
  open: () => Promise<Shadow>,
): Promise<readonly Difference[]> {
  const shadow = await open();
  try {
    await replay(migrations, shadow);
    const comparable = (catalog: Catalog) => ofApplication(shadow.comparable?.(catalog) ?? catalog);
    const sides = { a: "in the files", b: "in the database" };
    const made = comparable(await shadow.introspect());
    return differences(made, await asPrinted(comparable(live), made, shadow, comparable), sides);
  } finally {
    await shadow.close();
  }
}
