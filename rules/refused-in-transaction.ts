import type { Operation } from "../src/model/operation.js";
import { POSTGRES, type Rule, type Verdict } from "./rule.js";
import { detailOf } from "./understood.js";

/** COMMIT in a block with EXCEPTION: where the error is caught, all that was to be committed is undone without a word. */
function guardedCommit(operation: Operation): Verdict | null {
  const inside = detailOf(operation, "opaque")?.code?.operations ?? [];
  if (!inside.some((each) => each.guarded === true && detailOf(each.operation, "transaction") !== null)) return null;
  return {
    message:
      "PostgreSQL refuses COMMIT and ROLLBACK in front of the EXCEPTION of a block (2D000); where that handler catches the error, what was done is undone in silence.",
    help: "Put what can fail into a block of its own with its EXCEPTION, and COMMIT behind that block's END.",
  };
}

/** What a procedure is made with may keep it from ending a transaction. */
function commitInside(operation: Operation): Verdict | null {
  const code = detailOf(operation, "opaque")?.code;
  if (code?.oneTransaction !== true) return null;
  if (!code.operations.some((each) => detailOf(each.operation, "transaction") !== null)) return null;
  return {
    message:
      code.language === "sql"
        ? "PostgreSQL refuses COMMIT and ROLLBACK in a routine that is written in SQL (0A000)."
        : "PostgreSQL refuses COMMIT and ROLLBACK in a function, and in a procedure that is SECURITY DEFINER or has a SET (2D000).",
    help: "Make it a procedure in plpgsql without SECURITY DEFINER and without SET; name tables with their schemas instead.",
  };
}

/** The rows of a loop are kept over COMMIT where they are only read. */
function commitOverWrites(operation: Operation): Verdict | null {
  const inside = detailOf(operation, "opaque")?.code?.operations ?? [];
  if (!inside.some((each) => each.overWrites === true && detailOf(each.operation, "transaction") !== null)) return null;
  return {
    message:
      "PostgreSQL refuses COMMIT and ROLLBACK in a loop over the rows of a statement that writes: all that it wrote is undone.",
    help: "Loop over a SELECT of the keys, or over ranges of them; write in the loop, and COMMIT there.",
  };
}

export const rule: Rule = {
  id: "refused-in-transaction",
  engines: POSTGRES,
  severity: "error",
  onFreshTables: true,
  protects: "PostgreSQL refuses what commits by itself (CONCURRENTLY, VACUUM, CREATE DATABASE) inside a transaction.",
  check({ operation, effect, inTransaction, inMessage, withoutTransaction }) {
    const refused = guardedCommit(operation) ?? commitOverWrites(operation) ?? commitInside(operation);
    if (refused !== null) return refused;
    // CREATE INDEX CONCURRENTLY has squawk's rule.
    if (!inTransaction || effect.transaction !== "never" || operation.kind === "create-index") return null;
    const block = detailOf(operation, "opaque") !== null;
    return {
      message: block
        ? "PostgreSQL refuses COMMIT and ROLLBACK in a block or procedure that runs inside a transaction (2D000), and the transaction is lost."
        : "PostgreSQL refuses this statement inside a transaction (25001), and the transaction is lost.",
      help: inMessage
        ? "Put it into a file of its own: the tool sends a file as one message, which is a transaction, also behind a COMMIT."
        : withoutTransaction === null
          ? "COMMIT before it, and BEGIN again behind it where the rest needs a transaction."
          : `Put it into a file of its own, and ${withoutTransaction}.`,
    };
  },
  bad: [
    { sql: "BEGIN;\nDROP INDEX CONCURRENTLY users_email;\nCOMMIT;" },
    { sql: "BEGIN;\nREINDEX INDEX CONCURRENTLY users_email;\nCOMMIT;" },
    { sql: "BEGIN;\nALTER TABLE events DETACH PARTITION events_2020 CONCURRENTLY;\nCOMMIT;" },
    { sql: "BEGIN;\nVACUUM users;\nCOMMIT;" },
    { sql: "BEGIN;\nCREATE DATABASE reports;\nCOMMIT;" },
    { sql: "BEGIN;\nDO $$ BEGIN INSERT INTO log VALUES (1); COMMIT; END $$;\nCOMMIT;" },
    {
      sql: "DO $$ BEGIN INSERT INTO log VALUES (1); COMMIT; EXCEPTION WHEN others THEN NULL; END $$;",
    },
    {
      sql: "CREATE PROCEDURE p() SECURITY DEFINER LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (1); COMMIT; END $$;\nCALL p();",
    },
    {
      sql: "DO $$ DECLARE r record; BEGIN FOR r IN UPDATE users SET a = 1 RETURNING id LOOP COMMIT; END LOOP; END $$;",
    },
  ],
  good: [
    { sql: "DROP INDEX CONCURRENTLY users_email;" },
    { sql: "BEGIN;\nSELECT 1;\nCOMMIT;\nVACUUM users;" },
    { sql: "BEGIN;\nANALYZE users;\nCOMMIT;" },
    { sql: "DO $$ BEGIN INSERT INTO log VALUES (1); COMMIT; END $$;" },
    {
      sql: "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (1); COMMIT; END $$;\nCALL p();",
    },
    {
      sql: "DO $$ BEGIN BEGIN INSERT INTO log VALUES (1); EXCEPTION WHEN others THEN NULL; END; COMMIT; END $$;",
    },
  ],
};
