import type { Refusal } from "../engines/engine.js";
import { positionOf } from "../files/position.js";
import type { Migration } from "../model/migration.js";
import type { PlanRefusal } from "../model/plan.js";
import type { Span } from "../model/span.js";

/** A refusal at its place in the file. */
export function refusalOf(migration: Migration, { span }: { readonly span: Span }, refusal: Refusal): PlanRefusal {
  const { line, column } = positionOf(migration.text, span.start);
  const { id, slug, file } = migration;
  return Object.freeze({ id, name: slug, file, line, column, reason: refusal.message, help: refusal.help });
}
