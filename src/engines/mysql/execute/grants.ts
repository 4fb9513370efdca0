import type { Session } from "../../engine.js";

/** One GRANT: what, and on what. */
interface Grant {
  readonly privileges: ReadonlySet<string>;
  /** Null is `*.*`; a pattern as LIKE takes it otherwise. */
  readonly schema: string | null;
  /** Null is every table of the schema. */
  readonly table: string | null;
  readonly revoked: boolean;
}

const NAME = "(?:`((?:[^`]|``)*)`|\\*)";
const LINE = new RegExp(`^(GRANT|REVOKE) (.+?) ON (?:TABLE )?${NAME}\\.${NAME} (?:TO|FROM) `, "s");

const unquote = (name: string | undefined): string | null => name?.replaceAll("``", "`") ?? null;

/** A line of SHOW GRANTS; null for those about roles, routines and proxies. Rights on single columns are left out. */
function parseGrant(line: string): Grant | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const privileges = (match[2] ?? "").replace(/[A-Z ]+\([^)]*\)/g, "").split(",");
  if (/ WITH GRANT OPTION$/.test(line)) privileges.push("GRANT OPTION");
  return {
    privileges: new Set(privileges.map((p) => p.trim().toUpperCase())),
    schema: unquote(match[3]),
    table: unquote(match[4]),
    revoked: match[1] === "REVOKE",
  };
}

/** A schema in a grant is a LIKE pattern: `_` and `%` are wild, `\_` is not. */
function schemaMatches(pattern: string, schema: string): boolean {
  const source = pattern.replace(/\\([_%])|([_%])|[.*+?^${}()|[\]\\]/g, (all, escaped: string, wild: string) => {
    if (escaped !== undefined) return escaped;
    if (wild !== undefined) return wild === "%" ? ".*" : ".";
    return `\\${all}`;
  });
  return new RegExp(`^${source}$`, "is").test(schema);
}

/** ALL PRIVILEGES are all but the right to hand them on. */
const gives = ({ privileges }: Grant, privilege: string): boolean =>
  privileges.has(privilege) ||
  (privilege !== "GRANT OPTION" && (privileges.has("ALL PRIVILEGES") || privileges.has("ALL")));

/** What the session's user may do, its active roles included. */
export interface Rights {
  /** True when the privilege is held on the table; without a table, on the whole schema; without both, on the server. */
  has(privilege: string, schema?: string, table?: string): boolean;
}

export function rightsOf(lines: readonly string[]): Rights {
  const grants = lines.map(parseGrant).filter((g) => g !== null);
  const covers = (grant: Grant, schema?: string, table?: string): boolean => {
    if (grant.schema === null) return true;
    if (schema === undefined || !schemaMatches(grant.schema, schema)) return false;
    return grant.table === null || grant.table === table;
  };
  return {
    has(privilege, schema, table) {
      const held = (revoked: boolean) =>
        grants.some((g) => g.revoked === revoked && gives(g, privilege) && covers(g, schema, table));
      return held(false) && !held(true);
    },
  };
}

/** Reads SHOW GRANTS; MySQL lists what a role gives only when the role is named. */
export async function readRights(session: Session): Promise<Rights> {
  const [role] = await session.query<{ role: string | null }>("SELECT CURRENT_ROLE() AS role");
  const using = role?.role == null || role.role === "NONE" || !role.role.includes("`") ? "" : ` USING ${role.role}`;
  const rows = await session.query(`SHOW GRANTS FOR CURRENT_USER()${using}`);
  return rightsOf(rows.map((row) => String(Object.values(row)[0])));
}
