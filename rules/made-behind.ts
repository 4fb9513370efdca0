import { sameRelation } from "../src/engines/engine.js";
import { isTriggerElsewhere } from "../src/engines/stored-code.js";
import { storedCode } from "../src/engines/table-lookup.js";
import type { CreateObject } from "../src/model/detail/object.js";
import type { RelationName } from "../src/model/name.js";
import { droppedOf } from "./put-back.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "next" | "engine" | "lockedTables">;

/** What the statement drops and the next one makes again; its table, where it is a trigger. */
interface Replaced {
  readonly made: CreateObject;
  readonly name: string;
  readonly table: RelationName | null;
}

/** A trigger or routine of MySQL and MariaDB, each statement of which is a transaction of its own. */
function replacedBy({ operation, next, engine, catalog }: Asked): Replaced | null {
  const dropped = detailOf(operation, "drop-object");
  if (engine.name === "postgres" || dropped === null || dropped.name === null) return null;
  if (!["trigger", "procedure", "function"].includes(dropped.object)) return null;
  const { name } = dropped.name;
  for (const later of next) {
    const made = detailOf(later, "create-object");
    if (made?.object !== dropped.object || made.name?.name !== name) continue;
    // On another table it is another trigger.
    const isOther = later.relation !== null && isTriggerElsewhere(dropped.name, later.relation, catalog);
    return isOther ? null : { made, name, table: later.relation };
  }
  return null;
}

/** The session holds the table: nobody writes a row between the two statements. */
const isHeld = (table: RelationName, { lockedTables, catalog }: Asked): boolean =>
  lockedTables.some((locked) => sameRelation(locked, table, catalog.defaultSchema));

/** What others meet between a DROP and the CREATE behind it; null where it is no such pair, or nobody meets anything. */
export function gapOf(asked: Asked): { readonly message: string; readonly help: string } | null {
  const replaced = replacedBy(asked);
  if (replaced === null) return null;
  const { made, name, table } = replaced;
  const { engine } = asked;
  const orReplace = `Write CREATE OR REPLACE ${made.object.toUpperCase()} in the place of both statements.`;
  if (table === null)
    return {
      message: `Between this statement and the next ${name} is not there: statements that name it fail (1305).`,
      help:
        engine.name === "mariadb"
          ? orReplace
          : "Make the new one under another name, have new code call that, and drop this one under `-- zmigrate:phase contract`.",
    };
  const quoted = engine.quoteRelation(table);
  return {
    message: `Rows of ${quoted} that are written between this statement and the next are without what trigger ${name} does.`,
    help:
      engine.name === "mariadb"
        ? orReplace
        : `Write LOCK TABLES ${quoted} WRITE; in front of it and UNLOCK TABLES; behind the next one, as \`zmigrate apply\` does: nobody writes in between.`,
  };
}

/** The session keeps everybody from the table of the trigger until the next statement has made it again. */
export function isMadeUnderLock(asked: Asked): boolean {
  const table = replacedBy(asked)?.table ?? null;
  return table !== null && isHeld(table, asked);
}

/** Whether a file has made what is dropped: a routine, or what hangs on a table. */
export function isKnownCode({ operation, catalog }: Pick<RuleContext, "operation" | "catalog">): boolean {
  const dropped = detailOf(operation, "drop-object");
  const name = dropped?.name?.name;
  if (dropped === null || name === undefined) return false;
  if (operation.relation !== null) return (droppedOf({ operation, catalog }) ?? null) !== null;
  return storedCode(catalog).some((code) => code.object === dropped.object && code.name.name === name);
}
