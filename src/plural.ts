/**
 * Rows with their number, and the verb that follows them.
 *
 * @param verb as it stands behind several; the form behind one gets an `s`
 * @example
 * rowsText(1, "differ") // "1 row differs"
 * rowsText(2) // "2 rows"
 */
export function rowsText(n: number, verb = ""): string {
  const one = n === 1;
  return `${n} row${one ? "" : "s"}${verb === "" ? "" : ` ${verb}${one ? "s" : ""}`}`;
}

/**
 * Names as a sentence has them; of many the first, and how many more there are.
 *
 * @example
 * namesText(["a", "b", "c"]) // "a, b and c"
 * namesText(["a", "b", "c"], 2) // "a, b and 1 more"
 */
export function namesText(names: readonly string[], most = 5): string {
  const all = names.length > most ? [...names.slice(0, most), `${names.length - most} more`] : names;
  return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
