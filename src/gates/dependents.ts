import { closed, type Gate, open } from "./gate.js";

/** No view, function body, policy, publication, trigger or generated column still names what goes away. */
export const dependents: Gate = {
  name: "dependents",
  async check({ database, session, record, stage }) {
    const found: string[] = [];
    for (const r of record.plan.retires) {
      const column = stage === "swap" ? r.column : r.parked;
      for (const name of await database.dependents(session, r.relation, column)) found.push(`${name} names ${column}`);
    }
    if (found.length > 0) return closed("dependents", found.join("; "));
    return open("dependents", "nothing in the database names the old column");
  },
};
