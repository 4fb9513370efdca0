import type { Constraint, Index } from "../../../../model/catalog.js";
import type { Carried } from "../../../../model/plan.js";
import { quote, quoteRelation } from "../../names.js";
import { renameColumnInConstraint } from "../../parse/columns.js";
import { notNullDefinition } from "../constraints.js";
import { indexTail } from "./backfill.js";
import { exchangedCarried } from "./deferrable.js";
import { copyName, parkedName, proofName, type Rename } from "./subject.js";

/** Where something stands at a moment: the column that it is about, and its own name. */
type Place = Pick<Carried, "needed" | "side" | "name" | "twin"> & { readonly column: string };

/** What has a name, by the names that it and its copy have before the swap and after it. */
function places(r: Rename, name: string, copy: string): Place[] {
  const parked = parkedName(r, name);
  return [
    { needed: "swap", side: "old", column: r.old.name, name, twin: copy },
    { needed: "swap", side: "new", column: r.to, name: copy },
    { needed: "back", side: "new", column: r.to, name, twin: parked },
    { needed: "back", side: "old", column: r.parked, name: parked },
  ];
}

const columnsFor = (r: Rename, columns: readonly string[], column: string) =>
  columns.map((c) => (c === r.old.name ? column : c));

const create = (r: Rename, i: Index, { name, column }: Place): string =>
  `CREATE ${i.unique ? "UNIQUE " : ""}INDEX CONCURRENTLY ${quote(name)} ON ${indexTail(i, { ...r, to: column })}`;

function indexes(r: Rename, i: Index): Carried[] {
  if (i.constraint !== null) return [];
  return places(r, i.name, copyName(r, i.name)).map(({ column, ...place }) => ({
    ...place,
    kind: "index",
    columns: columnsFor(r, i.columns, column),
    sql: [create(r, i, { column, ...place })],
  }));
}

/** Until the swap the copy of a unique constraint is an index. */
function uniques(r: Rename, c: Constraint): Carried[] {
  const index = r.indexes.find((i) => i.constraint === c.name);
  if (index === undefined) return [];
  const table = `ALTER TABLE ${quoteRelation(r.relation)}`;
  return places(r, c.name, copyName(r, c.name)).map(({ column, ...place }) => {
    const bare = place.needed === "swap" && place.side === "new";
    const name = quote(place.name);
    const add = `${table} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}`;
    return {
      ...place,
      kind: bare ? "index" : "constraint",
      columns: columnsFor(r, index.columns, column),
      sql: [create(r, index, { column, ...place }), ...(bare ? [] : [add])],
    };
  });
}

function constraint(r: Rename, columns: readonly string[], place: Place, definition: string): Carried {
  const { column, ...named } = place;
  const sql = `ALTER TABLE ${quoteRelation(r.relation)} ADD CONSTRAINT ${quote(place.name)} ${definition}`;
  return { ...named, kind: "constraint", columns: columnsFor(r, columns, column), sql: [sql] };
}

const constraints = (r: Rename, c: Constraint): Carried[] =>
  places(r, c.name, copyName(r, c.name)).map((place) =>
    constraint(r, c.columns, place, renameColumnInConstraint(c.definition, r.old.name, place.column)),
  );

/** Before PostgreSQL 18 only the proof has a name. */
function notNulls(r: Rename): Carried[] {
  if (!r.old.notNull) return [];
  const own = r.notNull?.name;
  const all = places(r, own ?? "", proofName(r)).filter(
    (p) => own !== undefined || (p.needed === "swap" && p.side === "new"),
  );
  return all.map((p) => constraint(r, [r.old.name], p, notNullDefinition(p.column, r.context.version)));
}

/** What the swap and its way back rename, which the server refuses where somebody has dropped or renamed it. */
export const carried = (r: Rename): Carried[] => [
  ...r.indexes.flatMap((i) => indexes(r, i)),
  ...r.uniques.flatMap((c) => uniques(r, c)),
  ...r.deferrable.flatMap((c) => exchangedCarried(r, c)),
  ...[...r.checks, ...r.foreignKeys].flatMap((c) => constraints(r, c)),
  ...notNulls(r),
];
