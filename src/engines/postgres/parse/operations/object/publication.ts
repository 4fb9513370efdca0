import type { Node } from "libpg-query";
import type { PublicationShape, PublishedPart } from "../../../../../model/detail/publication.js";
import type { RelationName } from "../../../../../model/name.js";
import { bodies, relationOf, strings } from "../../ast.js";
import { columnsOfTree } from "../../column-refs.js";
import { optionValue } from "../../def-elem.js";

/** The tables that a publication names one by one. */
export function publishedTables(objects: readonly Node[] | undefined): readonly RelationName[] {
  const tables = bodies(objects, "PublicationObjSpec").flatMap((o) => o.pubtable?.relation ?? []);
  return Object.freeze(tables.map(relationOf));
}

/** Those of which it takes some rows, or some columns. */
function partsOf(objects: readonly Node[] | undefined): readonly PublishedPart[] {
  return bodies(objects, "PublicationObjSpec").flatMap(({ pubtable }) => {
    if (pubtable?.relation === undefined) return [];
    const { relation, whereClause, columns } = pubtable;
    if (whereClause === undefined && columns === undefined) return [];
    const filter = whereClause === undefined ? null : Object.freeze(columnsOfTree(whereClause));
    const list = columns === undefined ? null : Object.freeze(strings(columns));
    return Object.freeze({ relation: relationOf(relation), filter, columns: list });
  });
}

interface Written {
  readonly options?: readonly Node[] | undefined;
  readonly pubobjects?: readonly Node[] | undefined;
  readonly for_all_tables?: boolean | undefined;
}

/** What is said besides those tables. */
export function publicationShape({ options, pubobjects, for_all_tables }: Written): PublicationShape {
  const schemas = bodies(pubobjects, "PublicationObjSpec").flatMap(({ pubobjtype, name }) =>
    pubobjtype === "PUBLICATIONOBJ_TABLES_IN_SCHEMA"
      ? [name ?? null]
      : pubobjtype === "PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA"
        ? [null]
        : [],
  );
  const said = bodies(options, "DefElem").findLast(({ defname }) => defname === "publish");
  const list = said === undefined ? null : (optionValue(said) ?? "").toLowerCase().split(",");
  const parts = partsOf(pubobjects);
  return Object.freeze({
    ...(parts.length === 0 ? {} : { parts: Object.freeze(parts) }),
    everyTable: for_all_tables === true,
    schemas: Object.freeze(schemas),
    publish: list === null ? null : Object.freeze(list.map((one) => one.trim())),
  });
}
