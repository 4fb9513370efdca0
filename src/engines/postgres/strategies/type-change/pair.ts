import type { RowPair } from "../../../../model/row-pair.js";
import { quote } from "../../names.js";
import { differs } from "../../triggers/sync.js";
import { converted, ofRow } from "./conversion.js";
import type { Retype } from "./subject.js";

/**
 * A value as the new type, and back. Null where both ways are sure: nothing can be lost.
 *
 * A key that becomes wider is followed by one that wraps around: what is there now always comes back.
 */
export function pairOf(r: Retype): RowPair | null {
  if (r.forth.sure) return null;
  const forth = converted(r.forth, ofRow);
  const back = converted(r.back, (column) => (column === r.old.name ? forth : quote(column)));
  return { relation: r.relation, columns: r.old.name, lossy: differs(back, quote(r.old.name), r.old.comparable) };
}
