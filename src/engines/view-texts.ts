import type { ViewCondition, ViewPart, ViewShape } from "../model/detail/view-shape.js";
import { amongRows, amongValues, anyOf, bound, plain } from "./view-condition.js";

type Change = (text: string) => string;

/** A condition with its expressions written otherwise. */
export function changedCondition(condition: ViewCondition, change: Change): ViewCondition {
  switch (condition.kind) {
    case "plain":
      return plain(inOrder(change(condition.text)));
    case "any":
      return anyOf(condition.arms.map((arm) => changedCondition(arm, change)));
    case "bound":
      return bound(change(condition.left), condition.sign, condition.value);
    case "query": {
      const { left, shape, not } = condition;
      const text = change(condition.text);
      // It names all that the query names: what stays as it is, is read by many and not copied for each.
      const inside = text === condition.text ? shape : changedShape(shape, change);
      return amongRows(left === null ? null : change(left), inside, text, not);
    }
    default:
      return amongValues(change(condition.left), condition.values, condition.kind === "not-in");
  }
}

/** `b = a` as `a = b`. */
const inOrder = (text: string): string => {
  const [, left = "", sign, right = ""] = /^(\S+)( = | <> )(\S+)$/.exec(text) ?? [];
  return sign === undefined ? text : [left, right].sort().join(sign);
};

/** A query with its expressions written otherwise; the queries of its FROM name none of what stands beside them. */
export function changedPart<P extends Omit<ViewPart, "queries">>(part: P, change: Change): P {
  const { shown, outer, conditions, distinct, grouped } = part;
  return Object.freeze({
    ...part,
    shown: shown.map(change),
    outer: outer.map(change),
    conditions: conditions.map((condition) => changedCondition(condition, change)),
    distinct: distinct === null ? null : change(distinct),
    grouped: grouped?.map(change) ?? null,
  });
}

function changedShape(shape: ViewShape, change: Change): ViewShape {
  return Object.freeze({ ...shape, parts: shape.parts.map((part) => changedPart(part, change)) });
}

/** What each column in a text becomes, by its table and its name; null for as it is. */
export function changedColumns(text: string, change: (table: string, column: string) => string | null): string {
  return text.replace(/([^\s(),→]*)→([^\s(),→]+)/g, (whole, table, column) => change(table, column) ?? whole);
}
