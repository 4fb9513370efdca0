import type { Bound, NamedInCondition } from "../model/detail/bound.js";

const isSame = (a: NamedInCondition, b: NamedInCondition): boolean => a.table === b.table && a.name === b.name;

type Ends = Extract<Bound, { readonly kind: "least" | "most" }>;

/** Of several that must hold together the narrowest is the bound; of those of two alternatives the widest. */
const endOf = (bounds: readonly Bound[], { kind, column }: Ends): number | null => {
  const values = bounds.flatMap((b) => (b.kind === kind && isSame(b.column, column) ? [b.value] : []));
  if (values.length === 0) return null;
  return kind === "least" ? Math.max(...values) : Math.min(...values);
};

function widened(bound: Bound, others: readonly (readonly Bound[])[]): readonly Bound[] {
  if (bound.kind === "never") return [];
  if (bound.kind === "is") {
    const values = others.map((each) => each.find((b) => b.kind === "is" && isSame(b.column, bound.column)));
    if (values.includes(undefined)) return [];
    return [{ ...bound, values: [...bound.values, ...values.flatMap((b) => (b?.kind === "is" ? b.values : []))] }];
  }
  const ends = others.map((each) => endOf(each, bound));
  const known = ends.filter((end) => end !== null);
  if (known.length < ends.length) return [];
  const all = [bound.value, ...known];
  return [{ ...bound, value: bound.kind === "least" ? Math.min(...all) : Math.max(...all) }];
}

/** What `a OR b` bounds rows by: each column that all of its alternatives bound, by what any of them has for it. */
export function eitherBound(alternatives: readonly (readonly Bound[])[]): readonly Bound[] {
  const possible = alternatives.filter((bounds) => bounds.every(({ kind }) => kind !== "never"));
  const [first, ...others] = possible;
  if (first === undefined) return alternatives.length === 0 ? [] : [{ kind: "never" }];
  return others.length === 0 ? first : first.flatMap((bound) => widened(bound, others));
}
