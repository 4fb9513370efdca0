import { z } from "zod";
import type { BackfillCode } from "../../model/backfill-code.js";
import { DURATION_FORM, parseDuration } from "../duration.js";
import { problemsOf } from "../shape-problems.js";

/** More calls beside each other than that are most likely rows counted as calls. */
const MOST_CALLS = 256;

const columns = z
  .array(z.string().min(1))
  .min(1)
  .refine((names) => new Set(names).size === names.length, "names a column twice");

const shape = z.strictObject({
  table: z
    .string()
    .regex(/^[^.]+(?:\.[^.]+)?$/, "is not a table's name, or a schema's and a table's with a dot between"),
  select: columns,
  update: columns,
  where: z.string().regex(/\S/, "is empty: leave it out for all rows").optional(),
  key: z.string().min(1).optional(),
  batch: z
    .strictObject({
      rows: z.number().int().min(1).optional(),
      target: z
        .string()
        .refine((text) => (parseDuration(text) ?? 0) > 0, `is not a duration (${DURATION_FORM})`)
        .optional(),
    })
    .optional(),
  concurrency: z.number().int().min(1).max(MOST_CALLS).optional(),
  map: z.custom<BackfillCode["map"]>((value) => typeof value === "function", "is not a function"),
});

function relationOf(table: string): BackfillCode["relation"] {
  const [first = "", second] = table.split(".");
  return second === undefined ? { schema: null, name: first } : { schema: first, name: second };
}

/**
 * Checks what the file of a backfill exports. An unknown key is an error: a misspelt `where` would mean all rows.
 *
 * @throws Error naming the keys
 */
export function checkedCode(value: unknown): BackfillCode {
  const { success, data, error } = shape.safeParse(value);
  if (!success) throw new Error(`its default export is not what defineBackfill takes: ${problemsOf(error)}`);
  const { table, select, update, where = null, key = null, batch, concurrency = 1, map } = data;
  return Object.freeze({
    relation: relationOf(table),
    select,
    update,
    where,
    key,
    rows: batch?.rows ?? null,
    targetMs: batch?.target === undefined ? null : parseDuration(batch.target),
    concurrency,
    // Called as a method of what was exported: it may use `this`.
    map: (...given: Parameters<BackfillCode["map"]>) => map.apply(value, given),
  });
}
