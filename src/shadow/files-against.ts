import { isBookkeeping } from "../engines/bookkeeping.js";
import type { Shadow } from "../engines/shadow.js";
import type { Catalog, Column, StoredObject, Table } from "../model/catalog.js";
import type { Migration } from "../model/migration.js";
import type { RelationName } from "../model/name.js";
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

/** A tool's schema of its own. */
const SCHEMAS_OF_TOOLS: ReadonlySet<string> = new Set(["atlas_schema_revisions", "drizzle", "zmigrate"]);

/** What is asked about: the schema of an application, as its files could make it. `made` is what they do make. */
function ofApplication(catalog: Catalog, made: Catalog): Catalog {
  const isTools = ({ schema, name }: RelationName) =>
    SCHEMAS_OF_TOOLS.has(schema ?? "") || isBookkeeping({ schema, name }, made);
  const tools = catalog.tables.map((t) => t.relation).filter(isTools);
  /** A sequence that a serial column has brought is named after its table. */
  const isBrought = ({ object, name }: StoredObject) =>
    object === "sequence" && tools.some((t) => t.schema === name.schema && name.name.startsWith(`${t.name}_`));
  const isOthers = (o: StoredObject) => isTools(o.on ?? o.name) || isBrought(o);
  const schemas = new Set(tools.map(({ schema }) => schema));
  const shared = new Set(
    [
      ...catalog.tables.map((t) => t.relation).filter((name) => !isTools(name)),
      ...(catalog.types ?? []).map((t) => t.relation),
      ...(catalog.objects ?? []).filter((o) => o.object !== "schema" && !isOthers(o)).map((o) => o.name),
    ].map(({ schema }) => schema),
  );
  /** A schema that a tool was told to keep its table in, and that holds nothing else. */
  const isOthersSchema = ({ name: { name } }: StoredObject) =>
    SCHEMAS_OF_TOOLS.has(name) || (schemas.has(name) && !shared.has(name) && !isMade(name));
  const isMade = (schema: string) =>
    made.objects?.some((o) => o.object === "schema" && o.name.name === schema) === true;
  const objects = catalog.objects
    ?.filter((o) => !(o.object === "schema" ? isOthersSchema(o) : isOthers(o)))
    .map(objectAlone);
  return {
    ...catalog,
    tables: catalog.tables.filter((t) => !isTools(t.relation)).map(tableAlone),
    ...(objects === undefined ? {} : { objects }),
  };
}

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
    const byFiles = await shadow.introspect();
    const comparable = (catalog: Catalog) => ofApplication(shadow.comparable?.(catalog) ?? catalog, byFiles);
    const sides = { a: "in the files", b: "in the database" };
    const made = comparable(byFiles);
    return differences(made, await asPrinted(comparable(live), made, shadow, comparable), sides);
  } finally {
    await shadow.close();
  }
}
