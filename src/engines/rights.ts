import type { Privileges } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import type { Claim } from "../model/plan.js";

const PART = String.raw`"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*`;
const NAME = new RegExp(String.raw`^\s*(?:(${PART})\s*\.\s*)?(${PART})\s*$`, "u");

const bare = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase();

/**
 * The tables that PostgreSQL's GRANT and REVOKE name, as they are written behind ON; none for functions, schemas and
 * `ALL TABLES IN SCHEMA`.
 *
 * @example
 * tablesNamed('TABLE app.users, "Orders"') // [{ schema: "app", name: "users" }, { schema: null, name: "Orders" }]
 */
export function tablesNamed(on: string): readonly RelationName[] {
  const names = on.replace(/^\s*table\s/i, "").split(",");
  const read = names.map((text) => NAME.exec(text));
  if (read.includes(null)) return [];
  return read.map((found) => ({
    schema: found?.[1] === undefined ? null : bare(found[1]),
    name: bare(found?.[2] ?? ""),
  }));
}

/** Rights one by one, a privilege and a role each: `SELECT app`. */
export function rightsIn({ privileges, grantees = "" }: Privileges): readonly string[] {
  const roles = grantees.split(",").map((role) => role.replace(/^\s*group\s/i, "").trim());
  return privileges.flatMap((privilege) => roles.map((role) => `${privilege} ${role}`));
}

/** Whether some rights hold another one, by its own name or as one of ALL. */
export function holdsRight(rights: readonly string[], right: string): boolean {
  return rights.includes(right) || rights.includes(right.replace(/^\S+/, "ALL"));
}

/** The schemas of `ALL TABLES IN SCHEMA a, b`; none for anything else. */
export function schemasNamed(on: string): readonly string[] {
  const inSchema = /^\s*ALL\s+TABLES\s+IN\s+SCHEMA\s+(.*)$/is.exec(on)?.[1];
  return inSchema === undefined ? [] : tablesNamed(inSchema).map(({ name }) => name);
}

/**
 * What a GRANT or REVOKE takes to itself of a table: a column or a table beside it would have the rights of before, so that
 * neither begins while the other is under way.
 */
export function rightsClaims({ action, columns = [] }: Privileges, relation: RelationName): readonly Claim[] {
  const does = action === "grant" ? "gives rights on" : "takes rights away from";
  return [null, ...columns].map((name) => ({
    relation,
    name,
    change: `${does} ${name ?? relation.name}`,
    rights: true,
  }));
}
