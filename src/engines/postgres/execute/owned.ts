import { ZmigrateError } from "../../../errors.js";
import type { Step } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import { quote } from "../names.js";

const NAME = String.raw`((?:"(?:[^"]|"")+"\.)?"(?:[^"]|"")+")`;
const FUNCTION = new RegExp(`^(?:ALTER|DROP|CREATE OR REPLACE) FUNCTION (?:IF EXISTS )?${NAME}`);
const RELATION = new RegExp(
  `^(?:ALTER|DROP) (?:TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE) (?:IF EXISTS )?(?:ONLY )?${NAME}`,
);

const namedBy = (steps: readonly Step[], pattern: RegExp): string[] => [
  ...new Set(steps.flatMap((s) => s.sql.flatMap((sql) => pattern.exec(sql)?.[1] ?? []))),
];

/** The functions that the steps replace, change or drop, quoted: those of the triggers that another step made, above all. */
export const changedFunctions = (steps: readonly Step[]): string[] => namedBy(steps, FUNCTION);

/** The tables, views and sequences that the steps change or drop, quoted: they may have been made on the way. */
export const changedRelations = (steps: readonly Step[]): string[] => namedBy(steps, RELATION);

interface Owned {
  readonly owner: string;
  readonly may: boolean;
  /** With its arguments' types. */
  readonly signature: string;
}

/**
 * A function belongs to the role that made it, and not, as an index does, to the owner of the table. One that is not
 * there, or has a namesake with other arguments, is left out.
 *
 * @throws ZmigrateError missing-privilege
 */
export async function mustOwnFunction(session: Session, server: ServerInfo, name: string): Promise<void> {
  const [row] = await session.query<Owned>(
    `SELECT pg_catalog.pg_get_userbyid(p.proowner)::text AS owner, pg_catalog.pg_has_role(p.proowner, 'USAGE') AS may,
            pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS signature
     FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
     WHERE p.oid = pg_catalog.to_regproc($1) AND p.prokind = 'f'`,
    [name],
  );
  if (row === undefined || row.may) return;
  throw new ZmigrateError("missing-privilege", {
    user: server.user,
    privilege: "drop or replace the function",
    object: `${row.signature} (its owner is ${row.owner})`,
    grant: `ALTER FUNCTION ${row.signature} OWNER TO ${quote(server.user)}`,
  });
}
