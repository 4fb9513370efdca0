import type { Runner } from "./place.js";

/** What a file says to its tool to be run without a transaction, of the tools whose files can. */
const SAID: ReadonlyMap<string, string> = new Map([
  ["dbmate", "write `-- migrate:up transaction:false` in it"],
  ["goose", "write `-- +goose NO TRANSACTION` at its top"],
  ["sql-migrate", "write `-- +migrate Up notransaction` in it"],
  ["Atlas", "write `-- atlas:txmode none` at its top"],
  ["Flyway", "write `executeInTransaction=false` into the `.conf` file beside it"],
  ["Knex", "write `exports.config = { transaction: false };` in it"],
  ["TypeORM", "write `transaction = false;` into its class, and run it with `--transaction each`"],
  ["Diesel", "write `run_in_transaction = false` into the `metadata.toml` beside it"],
]);

/** What makes a tool run a file without a transaction; null where it has none around it, or its files cannot say so. */
export function howWithoutTransaction(runner: Runner | undefined): string | null {
  if (runner === undefined || runner.transaction === "none" || runner.transaction === "batch") return null;
  return SAID.get(runner.tool) ?? null;
}
