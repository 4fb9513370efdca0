import type { CreateObject, TriggerShape, TriggerWhen } from "../../../../model/detail/object.js";
import type { Breakage } from "../../../../model/effect.js";
import { type RelationName, show } from "../../../../model/name.js";
import { type MissingWritten, missingWritten } from "../../../missing-written.js";
import { knownRoutines } from "../../../table-lookup.js";
import { broken, type Subject } from "../subject.js";
import { type Outcome, runTrigger } from "../trigger-run.js";

type Event = TriggerShape["events"][number];

/** What becomes of writes, and the column that is missing for them. */
interface Stopped {
  readonly event: Event;
  readonly how: string;
  readonly needs?: MissingWritten;
}

/** What a trigger's function, as files made it, refuses or lets get lost of what is written to this table. */
export function stoppedWrites({ trigger, name }: CreateObject, { relation, table, context }: Subject): Breakage[] {
  if (trigger?.calls === undefined || relation === null) return [];
  const called = knownRoutines(context.catalog, trigger.calls)?.find(({ takes }) => takes.length === 0);
  const body = called?.code?.trigger;
  if (body === undefined) return [];
  const known = trigger.eachRow === true && table !== null && table.columns.length > 0;
  const columns = known ? new Set(table.columns.map((column) => column.name)) : null;
  const all = trigger.events.flatMap((event) =>
    stoppedBy(runTrigger(body, { event, table: relation.name, columns }), event, { trigger, relation }),
  );
  const stopped = all.length > 0 ? all : writtenBy(missingWritten(called?.code, context.catalog), trigger);
  const [first] = stopped;
  if (first === undefined) return [];
  const events = stopped.filter(({ how }) => how === first.how).map(({ event }) => `${event.toUpperCase()}s`);
  const what = `${events.join(" and ")} of ${show(relation)}${rowsOf(trigger.when)}`;
  const breakage = broken("writes", `trigger ${name?.name ?? ""} ${first.how.replace("%", () => what)}`);
  return [first.needs === undefined ? breakage : { ...breakage, needs: first.needs }];
}

interface On {
  readonly trigger: TriggerShape;
  readonly relation: RelationName;
}

function stoppedBy({ missing, endless, raises, lost }: Outcome, event: Event, { trigger, relation }: On): Stopped[] {
  const { when, eachRow, timing } = trigger;
  if (missing !== null) {
    const needs = { relation, column: missing };
    return [{ event, how: `names column ${missing}, which the table does not have: % fail (42703)`, needs }];
  }
  if (endless) return [{ event, how: "ends without RETURN: % fail (2F005)" }];
  // Which rows another WHEN is for is not told.
  if (raises && when?.kind !== "other") return [{ event, how: "refuses all % (P0001)" }];
  const swallows = lost && when === undefined && eachRow === true && timing === "before";
  return swallows ? [{ event, how: "lets all % get lost, without an error" }] : [];
}

/** Its function writes another table. */
function writtenBy(needs: MissingWritten | null, { events }: TriggerShape): Stopped[] {
  if (needs === null) return [];
  const how = `writes column ${needs.column}, which ${show(needs.relation)} does not have: % fail (42703)`;
  return events.map((event) => ({ event, how, needs }));
}

function rowsOf(when: TriggerWhen | undefined): string {
  if (when === undefined || when.kind === "other") return "";
  if (when.kind === "not-null") return ` that give ${when.column} a value`;
  return when.column === "*" ? " that change a row" : ` that change ${when.column}`;
}
