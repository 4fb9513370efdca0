import { quote } from "../names.js";

/** `OWNER TO x` at the end of a statement, and the role as it is written. */
const OWNER_TO = /\bOWNER\s+TO\s+("(?:[^"]|"")+"|[\w$\u0080-\uffff]+)\s*;?\s*$/i;

const KEYWORD = /^(?:CURRENT_ROLE|CURRENT_USER|SESSION_USER)$/;

/** A role as ALTER ... OWNER TO takes it: its name, or the word for who is connected. */
export const ownerWord = (role: string): string => (KEYWORD.test(role) ? role : quote(role));

/** Who has what before the statement; undefined where the database has not said it. */
interface Before {
  readonly owner: string | undefined;
  /** `GRANT SELECT ON "public"."t" TO "reader"`, on the whole and on its columns. */
  readonly grants: readonly string[] | undefined;
}

const GRANT = /^GRANT (.*?) ON (.*) TO ("(?:[^"]|"")+")( WITH GRANT OPTION)?$/s;

/**
 * The server gives an owner all that a new owner had been granted: back at the former one, what an owner does not have by
 * itself is taken again (rights on columns, options to grant), and the other one gets it. Measured on 18.
 */
function rightsBack(role: string, owner: string, grants: readonly string[]): readonly string[] {
  return grants.flatMap((grant) => {
    const [, what = "", on = "", to = "", option = ""] = GRANT.exec(grant) ?? [];
    if (to !== quote(role)) return [];
    const from = `${what} ON ${on} FROM ${quote(owner)}`;
    const taken = what.includes("(") ? [`REVOKE ${from}`] : option === "" ? [] : [`REVOKE GRANT OPTION FOR ${from}`];
    return [...taken, grant];
  });
}

/**
 * What gives a thing back to the owner that it had, and its new owner the rights that it had been granted until then; null
 * where they are not known. A word for who is connected names nobody whose rights could be looked up.
 *
 * @param statement the one that changes the owner, which may have a list of parameters before OWNER TO
 * @param to the new owner, or a word for who is connected
 * @example ownerBack("ALTER TABLE t OWNER TO b", "b", { owner: "a", grants: [] }); // ['ALTER TABLE t OWNER TO "a"']
 */
export function ownerBack(statement: string, to: string, { owner, grants }: Before): readonly string[] | null {
  if (owner === undefined || grants === undefined || !OWNER_TO.test(statement)) return null;
  if (KEYWORD.test(to) && grants.length > 0) return null;
  const back = statement.replace(OWNER_TO, () => `OWNER TO ${quote(owner)}`);
  return owner === to ? [] : [back, ...rightsBack(to, owner, grants)];
}
