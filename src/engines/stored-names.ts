import type { Catalog } from "../model/catalog.js";

/** Each record is lowered once: what was the same before is the same afterwards. */
const lowered = new WeakMap<object, object>();

/** A name of a table or the like: these two and nothing else. */
const isName = (value: object): boolean => "schema" in value && "name" in value && Object.keys(value).length === 2;

function lower(value: unknown, inName: boolean): unknown {
  if (typeof value === "string") return inName ? value.toLowerCase() : value;
  if (typeof value !== "object" || value === null) return value;
  const known = lowered.get(value);
  if (known !== undefined) return known;
  const made = Object.freeze(
    Array.isArray(value)
      ? value.map((item) => lower(item, false))
      : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, lower(part, isName(value))])),
  );
  lowered.set(value, made);
  lowered.set(made, made);
  return made;
}

/**
 * A plain record, such as an operation, with each `RelationName` in it as the catalog spells it: in lower case where the
 * server does not tell the case of such names apart (MySQL's `lower_case_table_names` 1 and 2), else as it is. Where
 * names of text meet names of a catalog, this comes first; from there on they are compared exactly.
 *
 * @example
 * asStored(operation, catalog).relation // { schema: null, name: "users" } for ALTER TABLE Users
 */
export function asStored<T extends object>(record: T, catalog: Pick<Catalog, "lowerCaseNames">): T {
  return catalog.lowerCaseNames === true ? (lower(record, false) as T) : record;
}
