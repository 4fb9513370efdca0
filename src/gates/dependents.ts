import { show } from "../model/name.js";
import { closed, type Gate, type GateContext, open } from "./gate.js";
import { goesAt, takenAway } from "./taken-away.js";

async function ofColumns({ database, session, record, stage }: GateContext): Promise<string[]> {
  const found: string[] = [];
  for (const r of record.plan.retires) {
    const column = stage === "swap" ? r.column : r.parked;
    // A body that is text finds the column that takes the name; one that the server has resolved is met at the drop.
    const byName = (name: string) => r.retypes === true && stage === "swap" && name.startsWith("function ");
    for (const name of await database.dependents(session, r.relation, column))
      if (!byName(name)) found.push(`${name} names ${column}`);
  }
  return found;
}

async function ofTables({ database, session, record, stage }: GateContext): Promise<string[]> {
  const found: string[] = [];
  for (const table of record.plan.retiredTables ?? []) {
    const name = goesAt(table, stage);
    if (name === null) continue;
    const { schema } = table.relation;
    for (const user of await database.dependents(session, { schema, name }, null)) found.push(`${user} names ${name}`);
  }
  return found;
}

/** What was made on a view that goes in the swap, by somebody who took it for the table. */
async function onStandIns(context: GateContext): Promise<string[]> {
  const { database, session, record, stage } = context;
  const found: string[] = [];
  for (const { standIn, relation } of record.plan.retiredTables ?? []) {
    if (standIn === undefined || stage !== "swap" || database.hanging === undefined) continue;
    const [view, table] = [show(standIn), show(relation)];
    const { objects, rights } = await database.hanging(session, standIn, relation);
    for (const name of objects)
      found.push(
        `${name} hangs on ${view}, a view that the swap drops: drop it until then, or make it anew on ${table}, with which it gets the new name`,
      );
    for (const { role, privileges } of rights)
      found.push(
        `${role} has ${privileges} on ${view} alone, a view that the swap drops: give it on ${table} too, or take it back`,
      );
  }
  return found;
}

/** No view, function body, policy, publication, trigger, foreign key or generated column still names what goes away. */
export const dependents: Gate = {
  name: "dependents",
  always: true,
  async check(context) {
    const all = [...(await ofColumns(context)), ...(await ofTables(context)), ...(await onStandIns(context))];
    const isOwn = takenAway(context.record.plan, context.stage);
    const found = all.filter((name) => !isOwn(name));
    if (found.length > 0) return closed("dependents", found.join("; "));
    const what = (context.record.plan.retiredTables ?? []).length > 0 ? "what goes away" : "the old column";
    return open("dependents", `nothing in the database names ${what}`);
  },
};
