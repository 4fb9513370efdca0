import type { Table } from "../../../../model/catalog.js";
import { type RelationName, show } from "../../../../model/name.js";
import type { Step } from "../../../../model/step.js";
import { findTable, type StrategyContext } from "../../../engine.js";
import { SWAP } from "../../../place.js";
import { step } from "../../../step.js";
import * as locks from "../../effects/helper-statements.js";
import { generatedName, literal, quote, quoteRelation, shortHash } from "../../names.js";

/** A partition, and what its bound says of a row: `((at >= '2026-01-01'::date) AND ...)`. */
export interface Bounded {
  readonly child: RelationName;
  readonly proof: string;
}

/** The checks that are the partition's own stay. */
const ownChecks = (child: Table | null): readonly string[] =>
  (child?.constraints ?? []).filter((c) => c.kind === "check").map((c) => c.name);

/**
 * Drops the checks that say what the bound said, but for the partition's own: the server chooses the name of the one that it
 * leaves. It prints a check and a bound alike where no schema is searched.
 */
export function dropBoundChecks({ child, proof }: Bounded, context: StrategyContext): string {
  const own = ownChecks(findTable(context.catalog, child)).map(literal).join(", ");
  const which = `c.conrelid = ${literal(quoteRelation(child))}::pg_catalog.regclass AND c.contype = 'c' AND c.conname <> ALL (ARRAY[${own}]::pg_catalog.name[])
    AND pg_catalog.pg_get_constraintdef(c.oid) IN (${literal(`CHECK (${proof})`)}, ${literal(`CHECK (${proof}) NOT VALID`)})`;
  return `DO ${literal(`DECLARE found pg_catalog.name; BEGIN
  PERFORM pg_catalog.set_config('search_path', '', true);
  FOR found IN SELECT c.conname FROM pg_catalog.pg_constraint c WHERE ${which} LOOP
    EXECUTE pg_catalog.format('ALTER TABLE ${quoteRelation(child).replaceAll("'", "''").replaceAll("%", "%%")} DROP CONSTRAINT %I', found);
  END LOOP;
END`)}`;
}

/** The plain DETACH leaves no check, so this takes away the one that CONCURRENTLY leaves. Its undo proves the bound again. */
export function withoutBoundCheck(bounded: Bounded, context: StrategyContext): Step {
  const { child, proof } = bounded;
  const name = generatedName(
    "zmigrate_new",
    `${child.name}_bound`,
    shortHash(context.migrationId, child.schema ?? "", child.name),
  );
  const alter = (what: string) => `ALTER TABLE ${quoteRelation(child)} ${what}`;
  return step({
    id: `${context.ordinal}-drop-bound-check`,
    ...SWAP,
    kind: "ddl",
    sql: [dropBoundChecks(bounded, context)],
    undo: [
      alter(`DROP CONSTRAINT IF EXISTS ${quote(name)}`),
      alter(`ADD CONSTRAINT ${quote(name)} CHECK (${proof}) NOT VALID`),
      alter(`VALIDATE CONSTRAINT ${quote(name)}`),
    ],
    undoTransaction: false,
    undoNeeds: {
      verify: {
        relation: child,
        mismatch: `(${proof}) IS FALSE`,
        violation: {
          rows: `of ${show(child)} do not fit the bound that it had`,
          help: `Move them, and run \`zmigrate rollback\` again: SELECT * FROM ${quoteRelation(child)} WHERE (${proof}) IS FALSE;`,
        },
      },
      cleanup: [alter(`DROP CONSTRAINT IF EXISTS ${quote(name)}`)],
    },
    locks: [locks.alterTable(child)],
    reason: `The server leaves a check on ${show(child)} that says what the bound said, and the statement as it is written does not.`,
  });
}
