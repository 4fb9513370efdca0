import { show } from "../model/name.js";
import type { Retired } from "../model/plan.js";
import { closed, type Gate, type GateContext, open } from "./gate.js";
import { goesAt, takenAway } from "./taken-away.js";

/** Whether something is the contract's own, and goes with it. */
type IsOwn = (found: string) => boolean;

/** Who names what goes away, in an order that servers do not change, and what to do about them; none where nobody does. */
function told(users: readonly string[], name: string, isOwn: IsOwn, way: Way): string[] {
  const found = users
    .toSorted()
    .map((user) => `${user} names ${name}`)
    .filter((text) => !isOwn(text));
  return found.length === 0 ? [] : [`${found.join(", ")}: ${way(found.length === 1 ? "it" : "them", found)}`];
}

/** What to do about some. @param found who they are */
type Way = (them: string, found: readonly string[]) => string;

/** No server changes the query of a materialized view. */
const changedTo =
  (name: string): Way =>
  (them, found) =>
    found.some((one) => one.startsWith("materialized view "))
      ? `drop ${them}, and make ${them} again with ${name}`
      : `change ${them} to ${name}`;

/** What stays with the former column is made again where the new one has its name; what goes by names is changed at once. */
function wayOf({ column, replacement, retypes }: Retired, stage: GateContext["stage"]): Way {
  if (retypes === true && stage === "swap")
    return (them) => `drop ${them} until the swap is done, and make ${them} again behind it`;
  if (retypes === true) return (them) => `drop ${them}, and make ${them} again, with ${column}`;
  return replacement === null ? withoutIt : changedTo(replacement);
}

const withoutIt: Way = (them) => `drop ${them}, or change ${them} to do without`;

async function ofColumns({ database, session, record, stage }: GateContext, isOwn: IsOwn): Promise<string[]> {
  const found: string[] = [];
  for (const r of record.plan.retires) {
    const column = stage === "swap" ? r.column : r.parked;
    // A body that is text finds the column that takes the name; one that the server has resolved is met at the drop.
    const byName = (name: string) => r.retypes === true && stage === "swap" && name.startsWith("function ");
    const users = (await database.dependents(session, r.relation, column)).filter((name) => !byName(name));
    found.push(...told(users, column, isOwn, wayOf(r, stage)));
  }
  return found;
}

async function ofTables({ database, session, record, stage }: GateContext, isOwn: IsOwn): Promise<string[]> {
  const found: string[] = [];
  for (const table of record.plan.retiredTables ?? []) {
    const name = goesAt(table, stage);
    if (name === null) continue;
    const { schema } = table.relation;
    const { replacement } = table;
    const way = replacement === null ? withoutIt : changedTo(replacement);
    found.push(...told(await database.dependents(session, { schema, name }, null), name, isOwn, way));
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
    const isOwn = takenAway(context.record.plan, context.stage);
    const hanging = (await onStandIns(context)).filter((name) => !isOwn(name));
    const found = [...(await ofColumns(context, isOwn)), ...(await ofTables(context, isOwn)), ...hanging];
    if (found.length > 0) return closed("dependents", found.join("; "));
    const what = (context.record.plan.retiredTables ?? []).length > 0 ? "what goes away" : "the old column";
    return open("dependents", `nothing in the database names ${what}`);
  },
};
