import { ZmigrateError } from "../errors.js";
import { show } from "../model/name.js";
import type { Step } from "../model/step.js";
import { standsIn } from "./carried.js";
import { helpersOf, renamedTo } from "./helpers.js";
import type { Asked } from "./missing-helpers.js";

/** Where the swap is: not begun, over, or in between, where names are about to change. */
function swapOf({ record, steps }: Pick<Asked, "record" | "steps">): "before" | "behind" | null {
  const status = new Map(steps.map((s) => [s.stepId, s.status]));
  const swap = record.plan.steps.filter((s: Step) => s.stage === "swap").map((s) => status.get(s.id));
  if (swap.every((s) => s === "done")) return "behind";
  return swap.every((s) => s === undefined || s === "pending") ? "before" : null;
}

/**
 * The error of a column that somebody has renamed, and another one that has got its name: the name alone would tell
 * nothing, and what the triggers keep would be left behind. Null where the server knows columns by their names alone.
 */
export function displaced(asked: Asked): ZmigrateError<"column-renamed"> | null {
  const { engine, record, catalog, steps } = asked;
  const helpers = helpersOf(record, steps);
  const at = helpers.length === 0 ? null : swapOf(asked);
  if (at === null) return null;
  for (const { relation, column, replacement, parked } of record.plan.retires) {
    if (replacement === null) continue;
    for (const name of [at === "before" ? column : parked, replacement]) {
      if (!standsIn(catalog, relation, name)) continue;
      const now = renamedTo(helpers, catalog, relation, name, engine.quote);
      if (now === null) continue;
      const alter = `ALTER TABLE ${engine.quoteRelation(relation)}`;
      const rename = (from: string, to: string) =>
        `${alter} RENAME COLUMN ${engine.quote(from)} TO ${engine.quote(to)};`;
      const [nameBack, aside] = [[rename(now, name)], rename(name, `${name.slice(0, 50)}_other`)];
      return new ZmigrateError("column-renamed", {
        id: record.id,
        table: show(relation),
        column: name,
        nameBack,
        again: null,
        aside,
      });
    }
  }
  return null;
}
