import type { AlterObject, RenameObject } from "../../../../model/detail/object.js";
import type { OtherOperation } from "../../../../model/operation.js";
import { type Phased, Refusal } from "../../../engine.js";
import { inServersMode } from "../../server-mode.js";
import type { MysqlContext } from "../algorithms.js";
import { asWritten } from "../written.js";
import { madeHere } from "./create.js";
import { storedOf } from "./known.js";
import { replaceView } from "./replace-view.js";

/** ALTER of what is no table. @throws Refusal for what is the server's */
export function alterObject(detail: AlterObject, operation: OtherOperation, context: MysqlContext): Phased {
  if (detail.object === "database") return alterDatabase(detail, operation, context);
  const { object, name } = madeHere(detail.object, detail.name);
  const stored = storedOf(object, name, context);
  if (object === "view") return replaceView(detail, operation, context, stored);
  // A routine that is dropped and made again has a moment in which callers find none.
  const undo = object === "event" ? (stored?.restore ?? []) : [];
  const left = `A rollback leaves the ${object} ${name.name} as this statement makes it.`;
  const given = {
    name: `alter-${object}`,
    sql: object === "event" ? inServersMode(context.statement) : [context.statement],
    undo,
    reason: "Changes the catalog only.",
  };
  return asWritten(operation, context, given, undo.length > 0 ? {} : { leaves: [left] });
}

function alterDatabase(detail: AlterObject, operation: OtherOperation, context: MysqlContext): Phased {
  if (detail.changes.some((c) => /READ ONLY|ENCRYPTION|UPGRADE/.test(c)) || detail.changes.length === 0)
    throw new Refusal(
      "This is about the whole database, and running code may not survive it.",
      "Run it by hand, in a maintenance window.",
    );
  return asWritten(
    operation,
    context,
    {
      name: "alter-database",
      sql: [context.statement],
      reason: "Tables that are there keep their character set: only new ones have the other.",
    },
    { leaves: ["A rollback leaves the database's defaults as this statement makes them."] },
  );
}

/** Users are the server's. @throws Refusal */
export function renameObject(detail: RenameObject): never {
  madeHere(detail.object === "user" ? "user" : detail.object, null);
  throw new Refusal("Old code names it.", "Make one of the new name.");
}
