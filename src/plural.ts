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
