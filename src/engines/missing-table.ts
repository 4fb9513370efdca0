import type { RelationName } from "../model/name.js";
import type { Step } from "../model/step.js";

/** A table that does not exist. */
export interface MissingTable {
  readonly relation: RelationName;
  /** What gives its name back, where it stands under another one: a statement. Null where it is not to be found. */
  readonly nameBack: string | null;
}

/**
 * The names of the triggers that the steps, or what takes them back, make on a table, quoted.
 *
 * @param table quoted
 * @param pattern finds the name in a statement that makes a trigger
 */
export const triggersOn = (steps: readonly Step[], table: string, pattern: RegExp): string[] => [
  ...new Set(
    steps
      .flatMap((s) => [...s.sql, ...s.undo])
      .filter((sql) => sql.includes(` ON ${table}`))
      .flatMap((sql) => pattern.exec(sql)?.[1] ?? []),
  ),
];
