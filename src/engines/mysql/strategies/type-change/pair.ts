import type { RowPair } from "../../../../model/row-pair.js";
import { losesData } from "../../effects/modify/outcome.js";
import { quote } from "../../names.js";
import { withSources } from "../../triggers/expression.js";
import { asType } from "../as-type.js";
import { holds } from "./conversion.js";
import { type Retype, upOf } from "./subject.js";

/** A value as the new type, and back. Null where nothing can be lost, and for types that no SELECT converts to. */
export function pairOf(r: Retype): RowPair | null {
  const { old, detail, context, table } = r;
  const own = context.up === null && context.down === null;
  if (own && !losesData(detail.definition, old, context)) return null;
  const forth = asType(detail.definition.type, upOf(r), context.dialect);
  if (forth === null) return null;
  const back =
    context.down === null
      ? forth
      : withSources(context.down, table, context.dialect, (c) => (c === old.name ? forth : quote(c)));
  const same = holds(old.type, quote(old.name), back, context.dialect);
  return same === null ? null : { relation: r.relation, columns: old.name, lossy: `NOT (${same})` };
}
