import { ZmigrateError } from "../../../errors.js";
import type { Step } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import { quote } from "../names.js";

interface Owned {
  readonly table: string;
  readonly owner: string;
  /** Policies hold for the owner. */
  readonly limited: boolean;
}

const OWNERS = `
  SELECT c.oid::regclass::text AS table, o.rolname::text AS owner,
         c.relrowsecurity AND c.relforcerowsecurity AND NOT (o.rolsuper OR o.rolbypassrls) AS limited
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
  WHERE c.oid = ANY (SELECT pg_catalog.to_regclass(t) FROM pg_catalog.unnest($1::text[]) t) ORDER BY c.oid`;

const NAME = '"(?:[^"]|"")+"';
const WRITTEN = new RegExp(
  `\\bUPDATE (${NAME}(?:\\.${NAME})?) AS zmigrate_other\\b|\\bFROM (${NAME}(?:\\.${NAME})?) AS zmigrate_other\\b`,
  "g",
);

/** The tables that a function of ours writes or reads with its owner's rights; none where there is no such function. */
const writtenBy = ({ sql }: Step): readonly string[] =>
  sql
    .filter((text) => text.startsWith('CREATE FUNCTION "zmigrate".') && text.includes(" SECURITY DEFINER "))
    .flatMap((text) => [...text.matchAll(WRITTEN)].map(([, a, b]) => a ?? b ?? ""));

/**
 * Triggers that write another table have the rights of the tables' owner: they need one owner, and one for whom no policy
 * holds, or a writer's statement would fail.
 *
 * @throws ZmigrateError missing-privilege
 */
export async function mustWriteForOthers(session: Session, server: ServerInfo, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    const tables = [...new Set(writtenBy(step))];
    if (tables.length === 0) continue;
    const owners = await session.query<Owned>(OWNERS, [tables]);
    const limited = owners.find((o) => o.limited);
    if (limited !== undefined)
      throw new ZmigrateError("missing-privilege", {
        user: limited.owner,
        privilege: "write every row for the writers of the other table (FORCE ROW LEVEL SECURITY holds for the owner)",
        object: limited.table,
        grant: `ALTER TABLE ${limited.table} NO FORCE ROW LEVEL SECURITY`,
      });
    const [one, other] = owners;
    if (one === undefined || other === undefined || one.owner === other.owner) continue;
    throw new ZmigrateError("missing-privilege", {
      user: server.user,
      privilege: `write one table for the writers of the other one (their owners are ${one.owner} and ${other.owner})`,
      object: `${one.table} and ${other.table}`,
      grant: `ALTER TABLE ${other.table} OWNER TO ${quote(one.owner)}`,
    });
  }
}
