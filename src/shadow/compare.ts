import type { Catalog, StoredObject, Table } from "../model/catalog.js";
import { show } from "../model/name.js";

/** What a schema has that the other has not, or has differently: for people. */
export type Difference = string;

/** Both sides in words: `in plain SQL`, `after the phases`. */
export interface Sides {
  readonly a: string;
  readonly b: string;
}

type Facts = ReadonlyMap<string, unknown>;

/** Sizes and what the planner guesses are not schema; where a column stands is said apart. */
function factsOfTable(table: Table): [string, unknown][] {
  const { relation, columns, constraints, indexes, rows: _, bytes: __, dependents: ___, ...rest } = table;
  const name = show(relation);
  return [
    [`table ${name}`, rest],
    ...columns.map((c): [string, unknown] => [`column ${name}.${c.name}`, c]),
    ...constraints.map((c): [string, unknown] => [`constraint ${c.name} of ${name}`, c]),
    ...indexes.map((i): [string, unknown] => [`index ${i.name} of ${name}`, i]),
  ];
}

/** What an object is told apart by, for people too. */
export function keyOfObject({ object, name, on, parameters }: StoredObject): string {
  const arguments_ = parameters === null ? "" : `(${parameters.join(", ")})`;
  return `${object} ${show(name)}${arguments_}${on === null ? "" : ` of ${show(on)}`}`;
}

function factsOf(catalog: Catalog): Facts {
  return new Map<string, unknown>([
    ...catalog.tables.flatMap(factsOfTable),
    ...(catalog.types ?? []).map((t): [string, unknown] => [`type ${show(t.relation)}`, t]),
    ...(catalog.objects ?? []).map((o): [string, unknown] => [keyOfObject(o), o]),
  ]);
}

/** Lists of names have no order that means anything, but those of an index or constraint, which have a definition too. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain).sort(byText);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, plain(v)]));
}

const textOf = (value: unknown): string => JSON.stringify(plain(value)) ?? "";
const byText = (a: unknown, b: unknown): number => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0);

/** What of two records of one thing differs: `default: 1 in plain SQL, nothing after the phases`. */
function fieldsOf(a: object, b: object, sides: Sides): string {
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys
    .filter((k) => textOf(left.get(k)) !== textOf(right.get(k)))
    .map((k) => `${k}: ${shown(left.get(k))} ${sides.a}, ${shown(right.get(k))} ${sides.b}`)
    .join("; ");
}

const shown = (value: unknown): string =>
  value === null || value === undefined ? "nothing" : typeof value === "string" ? value : textOf(value);

/**
 * How two schemas differ. Equal are tables, columns but for their order, constraints, indexes, types and all else that the
 * catalog lists, with everything that hangs on them; the number of rows is no schema.
 *
 * @example
 * differences(before, after, { a: "before", b: "after" }) // ["column public.t.a: default: 1 before, nothing after"]
 */
export function differences(a: Catalog, b: Catalog, sides: Sides): readonly Difference[] {
  const [left, right] = [factsOf(a), factsOf(b)];
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.flatMap((key) => {
    const [one, other] = [left.get(key), right.get(key)];
    if (one === undefined) return [`${key} is there only ${sides.b}`];
    if (other === undefined) return [`${key} is there only ${sides.a}`];
    return textOf(one) === textOf(other) ? [] : [`${key}: ${fieldsOf(one as object, other as object, sides)}`];
  });
}
