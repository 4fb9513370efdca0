import type { RelationName } from "../../../model/name.js";
import { withoutDefaultRights } from "../default-rights.js";
import { dollarQuotes, literal, quote, quoteRelation } from "../names.js";
import { functionName, type TriggerSql, triggerName } from "./sync.js";

/** Writes that only old code does: those of the old side of a change alone. */
export interface OldWrites {
  readonly relation: RelationName;
  /** Names what notes them; unique per migration and change. */
  readonly hash: string;
  readonly column: string;
  /** Conditions over the row, as a WHEN takes them: an INSERT, and an UPDATE, of the old side alone. */
  readonly inserts: string;
  readonly updates: string;
}

/** Who wrote is noted once in this time, seconds: the others cost a comparison. */
const EVERY_S = 10;

const SCHEMA = "zmigrate";
/** Its value is when the old side was written last, in seconds: neither a lock nor a rollback holds it up. */
export const clockOf = (hash: string): string => quoteRelation({ schema: SCHEMA, name: `wrote_${hash}` });
/** Who that was. */
export const writersOf = (hash: string): string => quoteRelation({ schema: SCHEMA, name: `writers_${hash}` });

/**
 * No writer waits for another one, and none fails: a sequence belongs to no transaction, and a row that is only added
 * meets no other, whatever the isolation level is.
 */
function functionOf({ hash }: OldWrites): string {
  const clock = `${literal(clockOf(hash))}::pg_catalog.regclass`;
  const body = `DECLARE
  moment bigint := pg_catalog.floor(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()));
BEGIN
  IF moment - COALESCE(pg_catalog.pg_sequence_last_value(${clock}), 0) BETWEEN 0 AND ${EVERY_S - 1} THEN RETURN NEW; END IF;
  BEGIN
    PERFORM pg_catalog.setval(${clock}, moment);
    INSERT INTO ${writersOf(hash)} VALUES (moment, pg_catalog.current_setting('application_name'), session_user);
  EXCEPTION WHEN OTHERS THEN NULL;
  END;
  RETURN NEW;
END`;
  const quotes = dollarQuotes(body);
  return `CREATE FUNCTION ${functionName(hash, "a")}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${quotes}\n${body}\n${quotes}`;
}

/** What the triggers write to, which stays until the evidence is not needed any more. */
export const writersKept = (hash: string): TriggerSql => ({
  create: [
    `CREATE SEQUENCE ${clockOf(hash)}`,
    `CREATE TABLE ${writersOf(hash)} (at bigint NOT NULL, application text NOT NULL, role text NOT NULL)`,
  ],
  drop: [`DROP TABLE IF EXISTS ${writersOf(hash)}`, `DROP SEQUENCE IF EXISTS ${clockOf(hash)}`],
});

/**
 * Notes who writes the old side alone. The names sort before those of the triggers that keep both sides equal, so that
 * what the statement wrote is still told apart. A statement that does not name the old column is not looked at, which is
 * more than a condition costs: the server reads that anew for each statement. It runs with the rights of who made it: no writer needs any for it.
 */
export function writersTrigger(writes: OldWrites): TriggerSql {
  const { relation, hash, column, inserts, updates } = writes;
  const table = quoteRelation(relation);
  const name = functionName(hash, "a");
  const make = (event: string, on: string, when: string) =>
    `CREATE TRIGGER ${triggerName(hash, event)} BEFORE ${on} ON ${table}\n  FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${name}()`;
  return {
    create: [
      functionOf(writes),
      `REVOKE ALL ON FUNCTION ${name}() FROM PUBLIC`,
      withoutDefaultRights({ kind: "FUNCTION", address: `${name}()` }),
      make("a1", "INSERT", inserts),
      make("a2", `UPDATE OF ${quote(column)}`, updates),
    ],
    drop: [
      ...["a1", "a2"].map((event) => `DROP TRIGGER IF EXISTS ${triggerName(hash, event)} ON ${table}`),
      `DROP FUNCTION IF EXISTS ${name}()`,
    ],
  };
}
