import { dollarQuotes, literal } from "./names.js";

/** What a statement of ours makes: `VIEW "public"."v"`, and where the catalog has it. */
interface Made {
  readonly kind: "VIEW" | "FUNCTION";
  /** As REVOKE and a cast to `regclass` or `regprocedure` take it. */
  readonly address: string;
}

const CATALOG = {
  VIEW: { table: "pg_class", owner: "relowner", acl: "relacl", cast: "regclass", word: "" },
  FUNCTION: { table: "pg_proc", owner: "proowner", acl: "proacl", cast: "regprocedure", word: "FUNCTION " },
} as const;

/**
 * Takes from everybody but its owner what ALTER DEFAULT PRIVILEGES has given on something the moment it was made. It is
 * asked then, since whoever makes it, and when, is not known before.
 *
 * @param more of the same block: it has `role`, a text
 */
export function withoutDefaultRights({ kind, address }: Made, more = ""): string {
  const { table, owner, acl, cast, word } = CATALOG[kind];
  const role =
    "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END";
  const body = `DECLARE role text; BEGIN
  FOR role IN SELECT DISTINCT ${role} FROM pg_catalog.${table} c, pg_catalog.aclexplode(c.${acl}) a
   WHERE c.oid = ${literal(address)}::pg_catalog.${cast} AND a.grantee <> c.${owner} LOOP
    EXECUTE ${literal(`REVOKE ALL ON ${word}${address} FROM `)} || role;
  END LOOP;${more}
END`;
  const quotes = dollarQuotes(body);
  return `DO ${quotes}${body}${quotes}`;
}
