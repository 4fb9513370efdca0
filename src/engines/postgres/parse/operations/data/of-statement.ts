import type { FuncCall, SQLValueFunction } from "libpg-query";
import type { Walk } from "../../../../../model/detail/data.js";
import { strings, walk } from "../../ast.js";

/*
 * What a statement has once, or keeps from row to row, and of which each batch has its own.
 */

/** The functions that stand still while a statement, or its transaction, runs. `clock_timestamp()` is another one in each row anyway. */
const MOMENTS: ReadonlySet<string> = new Set(["now", "statement_timestamp", "transaction_timestamp"]);

/** The functions of PostgreSQL's own that a tree calls, by their names, in the order of the tree. */
function called(tree: unknown): string[] {
  const found: string[] = [];
  walk(tree, (kind, node) => {
    if (kind !== "FuncCall") return;
    const [name, schema] = strings((node as FuncCall).funcname).toReversed();
    if (name !== undefined && (schema === undefined || schema === "pg_catalog")) found.push(name);
  });
  return found;
}

/** What a tree calls the moment at which it runs, first. */
export function momentIn(tree: unknown): Pick<Walk, "moment"> {
  const found = called(tree).filter((name) => MOMENTS.has(name));
  walk(tree, (kind, node) => {
    if (kind !== "SQLValueFunction") return;
    // SVFOP_CURRENT_TIMESTAMP_N is the one with a precision; others tell of users and schemas.
    const [, name] =
      /^SVFOP_((?:CURRENT_|LOCAL)(?:DATE|TIME|TIMESTAMP))(?:_N)?$/.exec((node as SQLValueFunction).op ?? "") ?? [];
    if (name !== undefined) found.push(name);
  });
  return found[0] === undefined ? {} : { moment: found[0] };
}

/** What tells of the session or transaction that a statement runs in, or of its text. */
const TELLERS: ReadonlySet<string> = new Set(
  `current_query inet_client_port pg_backend_pid pg_current_snapshot pg_current_xact_id pg_current_xact_id_if_assigned
  txid_current txid_current_if_assigned txid_current_snapshot`.split(/\s+/),
);

export function tellerIn(tree: unknown): Pick<Walk, "teller"> {
  const found = called(tree).find((name) => TELLERS.has(name));
  return found === undefined ? {} : { teller: found };
}

/** What sets for the rows behind it what others read. */
const SETTING: ReadonlySet<string> = new Set(["set_config", "setseed"]);

/** The last number that the session took from a sequence: of the same row where that takes one. */
const LAST_TAKEN: ReadonlySet<string> = new Set(["currval", "lastval"]);

/** What carries something over from row to row, or from an earlier statement. */
export function carriedIn(tree: unknown): Pick<Walk, "carried"> {
  const names = called(tree);
  const takes = names.includes("nextval");
  const found = names.filter((name) => SETTING.has(name) || (LAST_TAKEN.has(name) && !takes));
  return found.length === 0 ? {} : { carried: Object.freeze([...new Set(found)].map((name) => ({ name }))) };
}
