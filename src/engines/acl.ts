import type { Privileges } from "../model/detail/object.js";
import { tablesNamed } from "./rights.js";

/** What files tell of the rights on one thing (PostgreSQL), a privilege and a role each: `SELECT app`. */
export interface Acl {
  /** Files have made it: nobody has a right on it but by what is held, and by default privileges that no file gives. */
  readonly made: boolean;
  readonly held: readonly string[];
  /** Taken away, and not given again since. */
  readonly taken: readonly string[];
}

/** What a REVOKE takes, a privilege and a role each; nothing where it changes nothing. */
export interface Taken {
  /** Of what files show to be held. */
  readonly held: readonly string[];
  /** Of what they tell neither this nor the opposite. */
  readonly unknown: readonly string[];
}

/** All privileges that there are on a thing, in all versions. Of roles it is membership. */
export const ALL_ON = Object.freeze({
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
  sequence: ["USAGE", "SELECT", "UPDATE"],
  routine: ["EXECUTE"],
  schema: ["USAGE", "CREATE"],
  type: ["USAGE"],
  database: ["CREATE", "CONNECT", "TEMPORARY"],
  role: ["MEMBER"],
});

export type AclKind = keyof typeof ALL_ON;

/** What a function and a type grant to everybody from their beginning; a table, a sequence and a schema grant nothing. */
export const GIVEN_TO_ALL: readonly string[] = Object.freeze(["FUNCTIONS EXECUTE public", "TYPES USAGE public"]);

/** Who these are depends on who runs the file. */
const NOBODY: ReadonlySet<string> = new Set(["current_user", "current_role", "session_user"]);

/** The rights that GRANT and REVOKE name, one by one, ALL as what it stands for; null where the roles are not told. */
export function rightsNamed({ privileges, grantees = "" }: Privileges, kind: AclKind): readonly string[] | null {
  const roles = tablesNamed(grantees.replace(/(^|,)\s*group\s/gi, "$1")).map(({ name }) => name);
  if (roles.length === 0) return null;
  const plain = kind === "role" ? ["MEMBER"] : privileges.map((one) => (one === "TEMP" ? "TEMPORARY" : one));
  const named = plain.includes("ALL") ? ALL_ON[kind] : plain;
  return named.flatMap((privilege) => roles.map((role) => `${privilege} ${role}`));
}

/** The role of a right: `app` of `SELECT app`. */
export const roleOf = (right: string): string => right.slice(right.indexOf(" ") + 1);

/** What is held behind a GRANT, or a REVOKE. Of columns alone a right counts as held, and none as taken. */
export function aclBehind(acl: Acl, change: Privileges, rights: readonly string[]): Acl {
  if (change.optionOnly === true) return acl;
  const others = (all: readonly string[]) => all.filter((right) => !rights.includes(right));
  if (change.action === "grant") return { ...acl, held: [...others(acl.held), ...rights], taken: others(acl.taken) };
  return change.columns === undefined
    ? { ...acl, held: others(acl.held), taken: [...others(acl.taken), ...rights] }
    : acl;
}

/**
 * Of rights on one thing, those that are held, and those that may be.
 *
 * @param acl null where files have neither made the thing nor given rights on it
 * @param isOwn whether files have made a role: no default privileges of others are for it
 */
export function takenFrom(acl: Acl | null, rights: readonly string[], isOwn: (role: string) => boolean): Taken {
  const isOver = (right: string) =>
    !NOBODY.has(roleOf(right)) &&
    (acl?.taken.includes(right) === true ||
      (acl?.made === true && (roleOf(right) === "public" || isOwn(roleOf(right)))));
  const held = rights.filter((right) => acl?.held.includes(right) === true);
  return { held, unknown: rights.filter((right) => !held.includes(right) && !isOver(right)) };
}
