import type { AlterObject } from "../../../../model/detail/object.js";
import type { Breakage, Effect } from "../../../../model/effect.js";
import { effect } from "../../../effect.js";
import { broken } from "../subject.js";

/** ALTER ROLE: who logs in with it, or does what only it may do, is cut off. Sessions that are open go on. */
export function alterRoleEffect({ name, changes, values }: AlterObject): Effect {
  const role = name?.name ?? "the role";
  return effect({
    breaks: [...changes.flatMap((word) => lockedOut(word, role)), ...otherSetting(changes, values, role)],
  });
}

function lockedOut(word: string, role: string): Breakage[] {
  const refused = `code that logs in as ${role}`;
  if (word === "NOLOGIN") return [broken("both", `${refused} is refused (28000)`)];
  if (word.startsWith("PASSWORD")) return [broken("both", `${refused} with the old password is refused (28P01)`)];
  if (/^VALID UNTIL (?!infinity$)/i.test(word))
    return [broken("both", `${refused} with a password is refused from then on (28P01)`)];
  if (/^CONNECTION LIMIT \d/.test(word))
    return [broken("both", `${refused} more than ${word.slice(17)} times is refused (53300)`)];
  if (word === "DROP USER") return [broken("both", `what its members may do through ${role} fails (42501)`)];
  return /^NO[A-Z]+$/.test(word) ? [broken("both", `what ${role} may do by ${word.slice(2)} it may no longer do`)] : [];
}

/** Settings of new sessions that make the same statements find other tables, or none. */
const TELLING: ReadonlySet<string> = new Set(["search_path", "role", "default_transaction_read_only"]);

function otherSetting(changes: readonly string[], values: readonly string[] = [], role: string): Breakage[] {
  const told = changes.includes("SET") ? values.filter((name) => TELLING.has(name)) : [];
  return told.map((name) => broken("both", `new sessions of ${role} have another ${name}`));
}

/** ALTER DATABASE: nobody may come in any more, or only so many. */
export function alterDatabaseEffect({ name, changes, values }: AlterObject): Effect {
  const called = name?.name ?? "the database";
  const closed = changes.flatMap((word) => {
    if (word === "ALLOW_CONNECTIONS false")
      return [broken("both", `every new connection to ${called} is refused (55000)`)];
    return lockedOut(word, called);
  });
  return effect({
    breaks: [...closed, ...otherSetting(changes, values, called)],
    transaction: changes.includes("TABLESPACE") ? "never" : "any",
  });
}
