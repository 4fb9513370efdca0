import { knownRecords, refuseDrift } from "../../journal/drift.js";
import { journalOf } from "../../journal/journal.js";
import { isUnfinished } from "../../plan/waits.js";
import type { Check } from "../check.js";

/** Can the journal be read, and are the files still what was begun? */
export const journal: Check = {
  name: "journal",
  async look({ database, session, migrations }) {
    const kept = journalOf(database);
    if (!(await kept.exists(session)))
      return { health: "ok", found: "there is no journal yet: the first `apply` makes it" };
    const records = await knownRecords({ database, session }, kept, migrations);
    refuseDrift(migrations, records);
    const holder = await database.runnerLockHolder(session);
    const running = holder === null ? "nothing runs now" : `a run is under way: ${holder}`;
    const unfinished = records.filter(isUnfinished).length;
    return { health: "ok", found: `${records.length} migrations are recorded, ${unfinished} not finished; ${running}` };
  },
};
