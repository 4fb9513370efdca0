import { type ErrorData, isError, ZmigrateError } from "../errors.js";

type Missing = ErrorData<"missing-privilege">;

/**
 * Asks for rights one after the other and tells of all that are missing at once, so that an administrator is asked once.
 * An error of another kind ends it, unless a right was missing before it: then it may be no more than that.
 *
 * @throws ZmigrateError missing-privilege, with the others in `also`
 * @example
 * await allOf([() => mustOwn(session, table), () => mustSee(session)])
 */
export async function allOf(checks: readonly (() => void | Promise<void>)[]): Promise<void> {
  const missing: Missing[] = [];
  for (const check of checks)
    try {
      await check();
    } catch (error) {
      if (isError(error, "missing-privilege"))
        missing.push(error.data, ...(error.data.also ?? []).map(withUser(error.data)));
      else if (missing.length === 0) throw error;
      else break;
    }
  const [first, ...others] = distinct(missing);
  if (first === undefined) return;
  const also = others.map(({ privilege, object, grant }) => ({ privilege, object, grant }));
  throw new ZmigrateError("missing-privilege", { ...first, ...(also.length === 0 ? {} : { also }) });
}

const withUser =
  ({ user }: Missing) =>
  (other: Omit<Missing, "user" | "also">): Missing => ({ user, ...other });

/** Two checks may ask for the same; `also` stands in the list already. */
function distinct(missing: readonly Missing[]): Missing[] {
  const byText = new Map(missing.map(({ also: _, ...m }) => [`${m.privilege}\0${m.object}`, m]));
  return [...byText.values()];
}
