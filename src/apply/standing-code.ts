import { ZmigrateError } from "../errors.js";
import { mayName } from "../history/text.js";
import type { MigrationRecord } from "../journal/records.js";
import type { Run } from "./run.js";

const KINDS = "view|materialized view|trigger|event|function|procedure";

/** What makes it, as a pattern for the beginning of a statement, and its bare name: `function public.ff(integer)` is `ff`. */
interface Code {
  readonly made: RegExp;
  readonly name: string;
}

/** Null for what is neither a view nor something with a body. */
function codeIn(dependent: string): Code | null {
  const found = new RegExp(`^(${KINDS}) (?:.*[."\`])?([^."\`(]+)["\`]?(?:\\(.*\\))?$`, "is").exec(dependent);
  if (found === null) return null;
  const [, kind = "", name = ""] = found;
  // What one calls a function may be a procedure to another.
  const word = /^(?:function|procedure)$/i.test(kind) ? "(?:FUNCTION|PROCEDURE)" : kind.replace(" ", "\\s+");
  return { made: new RegExp(`^\\s*CREATE\\b.*?\\b${word}\\b`, "is"), name: name.trim().toLowerCase() };
}

/** The names of code are in no plan but as the text of what makes them. */
const makes = ({ plan }: MigrationRecord, { made, name }: Code): boolean =>
  plan.steps.flatMap((s) => s.sql).some((sql) => made.test(sql) && mayName(sql, name));

function refuse(record: MigrationRecord, maker: MigrationRecord, used: string, gone: string): never {
  throw new ZmigrateError("rollback-impossible", {
    id: record.id,
    reason: `the ${used}, which migration ${maker.id} (${maker.name}) has made, names ${gone}: it would fail.`,
    help: `Take that one back first: \`zmigrate rollback ${maker.id}\`. Or write a migration that makes it anew without that name.`,
  });
}

/** What names what a rollback takes away: both for people. */
interface Use {
  readonly used: string;
  readonly gone: string;
}

async function usesOf(run: Run, { plan }: MigrationRecord): Promise<readonly Use[]> {
  const { database } = run.options;
  const found: Use[] = [];
  for (const { relation, replacement } of plan.retires) {
    if (replacement === null) continue;
    const gone = `${relation.name}.${replacement}`;
    for (const used of await database.dependents(run.main, relation, replacement)) found.push({ used, gone });
  }
  for (const { standIn } of plan.retiredTables ?? []) {
    if (standIn === undefined) continue;
    for (const used of (await database.bodiesNaming?.(run.main, standIn)) ?? [])
      found.push({ used, gone: standIn.name });
  }
  return found;
}

/**
 * A view, trigger, event or routine that a later migration has made, and that names the new column, or looks for a renamed
 * table by its new name, would fail from the rollback on: the server keeps no such thing from being dropped.
 *
 * @returns what else names what goes, for people: `view v names t.b`. It may only look so: bodies are text.
 * @throws ZmigrateError rollback-impossible
 */
export async function refuseUnderCode(
  run: Run,
  record: MigrationRecord,
  records: readonly MigrationRecord[],
): Promise<readonly string[]> {
  const later = records.filter((r) => r.id > record.id && r.status !== "rolled-back");
  const others: string[] = [];
  for (const { used, gone } of await usesOf(run, record)) {
    const code = codeIn(used);
    if (code === null) continue;
    const maker = later.find((r) => makes(r, code));
    if (maker !== undefined) refuse(record, maker, used, gone);
    // What it has made itself goes, or is as it was, with the rollback.
    if (!makes(record, code)) others.push(`${used} names ${gone}`);
  }
  return others;
}
