import type { LockTables } from "../../../../../model/detail/session.js";
import type { Captured } from "../../pattern/match.js";
import { type Phrase, phrase } from "./phrase.js";

/** Tables that a session locks and unlocks by itself. */
export const LOCKS: readonly Phrase[] = [
  phrase(
    "lock-tables",
    "LOCK {TABLES|TABLE} {<relation=table> [[AS] <name=alias>] {READ LOCAL|READ|LOW_PRIORITY WRITE|<mariadb> WRITE CONCURRENT|WRITE}=mode}... [<mariadb> WAIT <number>|<mariadb> NOWAIT]",
    lockTables,
  ),
  phrase("unlock-tables", "UNLOCK {TABLES|TABLE|<mysql> INSTANCE}", () => ({ kind: "lock-tables", tables: [] }), {
    harmless: true,
  }),
];

/** A table's name, perhaps an alias, and its mode follow each other. */
function lockTables(captured: readonly Captured[]): LockTables {
  const tables = captured.flatMap(({ relation }, at) => {
    const [next, behind] = captured.slice(at + 1);
    const alias = next?.key === "alias" ? { alias: next.text } : {};
    const mode = (next?.key === "alias" ? behind : next)?.text.toUpperCase().replaceAll(/\s+/g, " ");
    return relation === null || mode === undefined ? [] : [Object.freeze({ relation, ...alias, mode })];
  });
  return { kind: "lock-tables", tables: Object.freeze(tables) };
}
