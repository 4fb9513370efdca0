import { rightsIn } from "../engines/rights.js";
import type { Privileges } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";

/** A right that every table and view has from its beginning. */
export interface DefaultRight {
  /** Null for all schemas. */
  readonly schema: string | null;
  /** `SELECT app` */
  readonly right: string;
}

interface Defaults {
  readonly defaultSchema: string | null;
  readonly defaultRights: readonly DefaultRight[];
}

/** What a table or view of this name has as soon as it is made: `SELECT app`. */
export function defaultRights({ defaultSchema, defaultRights: all }: Defaults, name: RelationName): readonly string[] {
  const own = name.schema ?? defaultSchema;
  return all.filter(({ schema }) => schema === null || schema === own).map(({ right }) => right);
}

/** What is given from the beginning behind ALTER DEFAULT PRIVILEGES; of tables and views alone. */
export function withDefaultRights<D extends Defaults>(known: D, privileges: Privileges): D {
  const { defaultIn, on, action } = privileges;
  if (defaultIn === undefined || !/^\s*tables\s*$/i.test(on ?? "")) return known;
  const named = (defaultIn ?? [null]).flatMap((schema) => rightsIn(privileges).map((right) => ({ schema, right })));
  const isNamed = (had: DefaultRight) => named.some((n) => n.schema === had.schema && n.right === had.right);
  const others = known.defaultRights.filter((had) => !isNamed(had));
  return { ...known, defaultRights: Object.freeze(action === "grant" ? [...others, ...named] : others) };
}
