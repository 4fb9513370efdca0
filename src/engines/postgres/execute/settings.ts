/**
 * What every session of ours relies on, whatever the role's or the database's own defaults are (ALTER ROLE ... SET).
 * Limits are a step's own, set when it begins; one that ends an idle session would take the runner's lock away in the
 * middle of a backfill. What is printed reads back the same in every session; the order of day and month that literals
 * are read with stays the database's own.
 */
const SETTINGS: Readonly<Record<string, string>> = Object.freeze({
  idle_session_timeout: "0",
  idle_in_transaction_session_timeout: "0",
  transaction_timeout: "0",
  statement_timeout: "0",
  lock_timeout: "0",
  datestyle: "ISO",
  intervalstyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
  standard_conforming_strings: "on",
  quote_all_identifiers: "off",
  transform_null_equals: "off",
});

/** Sets those that the server has: 17 brought transaction_timeout. */
export const SET_SESSION = `SELECT pg_catalog.set_config(w.name, w.value, false)
  FROM (VALUES ${Object.entries(SETTINGS)
    .map(([name, value]) => `('${name}', '${value}')`)
    .join(", ")}) AS w (name, value)
  WHERE pg_catalog.current_setting(w.name, true) IS NOT NULL`;

/** No limit but a step's own. */
export const NO_LIMITS = "SET lock_timeout = 0; SET statement_timeout = 0";
