import type { RelationName } from "../model/name.js";
import type { Step } from "../model/step.js";
import type { Session } from "./engine.js";

/** A table that does not exist. */
export interface MissingTable {
  readonly relation: RelationName;
  /** What gives its name back, where it stands under another one: a statement. Null where it is not to be found. */
  readonly nameBack: string | null;
}

/** How an engine tells. */
export interface MissingTableQueries {
  isMissing(session: Session, relation: RelationName): Promise<boolean>;
  nameBack(session: Session, relation: RelationName, steps: readonly Step[]): Promise<string | null>;
}

/** Those of the relations that do not exist; where a trigger of the steps stands on another table, that one it is. */
export const missingTablesBy =
  ({ isMissing, nameBack }: MissingTableQueries) =>
  async (session: Session, relations: readonly RelationName[], steps: readonly Step[]): Promise<MissingTable[]> => {
    const missing: MissingTable[] = [];
    for (const relation of relations)
      if (await isMissing(session, relation))
        missing.push({ relation, nameBack: await nameBack(session, relation, steps) });
    return missing;
  };

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
