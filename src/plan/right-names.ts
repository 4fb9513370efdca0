import { schemasNamed, tablesNamed } from "../engines/rights.js";
import type { Privileges } from "../model/detail/object.js";
import { show } from "../model/name.js";
import type { Name, Naming } from "./names.js";

/** Rights are told apart as names are: a REVOKE has them until the contract, and a GRANT in front of it would give what goes. */
const RIGHT = "right";

/** Whether a name of the planner's is a right, which has no name that could be another one. */
export const isRight = ({ key }: { readonly key: string }): boolean => key.startsWith(`["${RIGHT}",`);

/** What stands for all of a kind: a REVOKE of all meets any GRANT, and a GRANT of all meets any REVOKE. */
const [ALL, ANY] = ["ALL", "ANY"];

interface Place {
  /** For comparing. */
  readonly key: string;
  /** The schema whose tables it is one of, or all of; null for what is no table. */
  readonly schema: string | null;
  readonly whole: boolean;
}

function placesOf(on: string, { defaultSchema }: Naming): readonly Place[] {
  const schemas = schemasNamed(on);
  if (schemas.length > 0) return schemas.map((schema) => ({ key: ALL, schema, whole: true }));
  const tables = tablesNamed(on).map((r) => ({ ...r, schema: r.schema ?? defaultSchema ?? "" }));
  if (tables.length > 0) return tables.map((r) => ({ key: `table ${show(r)}`, schema: r.schema, whole: false }));
  return [{ key: on.replace(/\s+/g, " ").trim().toLowerCase(), schema: null, whole: false }];
}

const around = (places: readonly Place[], all: string): readonly string[] =>
  places.flatMap(({ key, schema, whole }) => [
    ...(whole ? [] : [key]),
    ...(schema === null ? [] : [...(whole ? [`${ALL} of ${schema}`, `${ANY} of ${schema}`] : [`${all} of ${schema}`])]),
  ]);

function rights(detail: Privileges, naming: Naming, all: string): Name[] {
  // MySQL's and MariaDB's are not read: a right may be anybody's there.
  const { grantees = "" } = detail;
  if (detail.defaultIn !== undefined || (grantees === "" && detail.on === null)) return [];
  const on = detail.on ?? "";
  const places = around(placesOf(on, naming), all);
  const words = detail.privileges.flatMap((p) => (/^ALL\b/.test(p) ? [ALL, ANY] : [p, all]));
  const roles = grantees.split(",").map((role) => role.replace(/^\s*group\s/i, "").trim());
  const what = on === "" ? "" : ` on ${on}`;
  return roles.flatMap((role) =>
    places.flatMap((place) =>
      [...new Set(words)].map((word) => ({
        key: JSON.stringify([RIGHT, place, word, role]),
        shown: `${detail.privileges.join(", ")}${what}${role === "" ? "" : ` of ${role}`}`,
        name: role,
      })),
    ),
  );
}

/** The rights that a REVOKE takes, as names that are free behind it. */
export const rightsTaken = (detail: Privileges, naming: Naming): Name[] => rights(detail, naming, ALL);

/** The rights that a GRANT gives, as names that it takes. */
export const rightsGiven = (detail: Privileges, naming: Naming): Name[] => rights(detail, naming, ANY);
