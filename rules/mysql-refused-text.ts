import { findTable } from "../src/engines/engine.js";
import type { Missing } from "./missing-from-history.js";
import { refusedDefault } from "./mysql-refused-default.js";
import type { RuleContext } from "./rule.js";
import { detailOf } from "./understood.js";

type Asked = Pick<RuleContext, "operation" | "catalog" | "engine" | "written" | "settings">;

/** A body without what is quoted or commented. */
const bare = (text: string): string =>
  text.replace(/'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|\/\*[\s\S]*?\*\/|(?:--\s|#).*/g, " ");

const HELP = "Set NEW in a BEFORE trigger; an INSERT has no OLD row, and a DELETE has no NEW one.";

/** What a trigger runs; null where it is none. */
function bodyOf({ operation, written }: Asked): string | null {
  const made = detailOf(operation, "create-object");
  if (made?.object !== "trigger" || made.body === null) return null;
  return bare(written.text.slice(made.body.start - written.start, made.body.end - written.start));
}

/** A trigger that names a row which its event does not have, or writes one that it cannot. */
function refusedRow(asked: Asked): Missing | null {
  const body = bodyOf(asked);
  const made = detailOf(asked.operation, "create-object")?.trigger ?? null;
  if (body === null || made === null) return null;
  const { timing, events } = made;
  const [event, another] = events;
  const names = (row: string) => new RegExp(`(?<![\\w.\`@])\`?${row}\`?\\s*\\.`, "i").test(body);
  const sets = (row: string) => new RegExp(`\\bSET\\s+\`?${row}\`?\\s*\\.`, "i").test(body);
  if (another === undefined && event === "delete" && names("NEW"))
    return { what: "a DELETE has no NEW row (1363)", help: HELP };
  if (another === undefined && event === "insert" && names("OLD"))
    return { what: "an INSERT has no OLD row (1363)", help: HELP };
  if (sets("OLD")) return { what: "no trigger can set a column of OLD (1362)", help: HELP };
  return timing === "after" && sets("NEW")
    ? { what: "an AFTER trigger cannot set a column of NEW (1362)", help: HELP }
    : null;
}

/** A trigger that names a column which its table's rows do not have. */
function refusedColumn(asked: Asked): Missing | null {
  const { operation, catalog, engine } = asked;
  const body = bodyOf(asked);
  const table = body === null || operation.relation === null ? null : findTable(catalog, operation.relation);
  if (body === null || table === null || table.columns.length === 0) return null;
  const known = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  const named = [...body.matchAll(/(?<![\w.`@$])`?(?:NEW|OLD)`?\s*\.\s*(?:`(\w+)`|(\w+)(?![\w$]))/gi)];
  const gone = named.map(([, quoted, plain = ""]) => quoted ?? plain).find((name) => !known.has(name.toLowerCase()));
  if (gone === undefined) return null;
  return {
    what: `${engine.quoteRelation(table.relation)} has no column ${engine.quote(gone)} (1054)`,
    help: "Correct the name; or add, in front of it, what is missing.",
  };
}

/** A generated column cannot be computed from what counts up (MySQL). */
function refusedExpression({ operation, engine }: Asked): Missing | null {
  if (engine.name !== "mysql" || operation.kind !== "create-table") return null;
  const counted = operation.columns.find(({ autoIncrement }) => autoIncrement);
  if (counted === undefined) return null;
  const named = new RegExp(`(?<![\\w.$'"])\`?${counted.name.replace(/\W/g, "\\$&")}\`?(?![\\w$('"])`, "i");
  const refused = operation.columns.find(
    ({ generated }) => generated !== null && named.test(bare(generated.expression)),
  );
  if (refused === undefined) return null;
  return {
    what: `${engine.quote(refused.name)} is computed from ${engine.quote(counted.name)}, which counts up (3109)`,
    help: "Compute it where it is read, or write it in a trigger behind the INSERT.",
  };
}

/** What MySQL or MariaDB refuses by the text of a statement alone; null where it does not for certain. */
export function refusedText(asked: Asked): Missing | null {
  if (asked.engine.name === "postgres") return null;
  return refusedDefault(asked) ?? refusedRow(asked) ?? refusedColumn(asked) ?? refusedExpression(asked);
}
