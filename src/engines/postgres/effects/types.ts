import type { Catalog, UserType } from "../../../model/catalog.js";
import { isFounded } from "./domain-default.js";
import { isBase, typeName, userType } from "./type-names.js";

/** Types without equality: DISTINCT, GROUP BY and UNION over them are errors. */
const UNCOMPARABLE: ReadonlySet<string> = new Set(
  "json jsonpath xml point line lseg box path polygon circle".split(" "),
);

/** What a type's text names. */
export interface TypeFacts {
  /** False when it may be a domain, whose constraints are checked row by row. */
  readonly base: boolean;
  /** A domain that is known to have no constraint. */
  readonly free: boolean;
  /** DISTINCT, GROUP BY and UNION work on it. */
  readonly comparable: boolean;
}

/** Facts of a type as a column definition writes it. What cannot be read may be anything. */
export function typeFacts(type: string, catalog: Catalog | null = null): TypeFacts {
  const read = typeName(type);
  if (read === null) return { base: false, free: false, comparable: true };
  const comparable = !UNCOMPARABLE.has(read.name);
  // An array of a domain is no domain: PostgreSQL looks at the column's own type only.
  if (read.array) return { base: true, free: false, comparable };
  const known = catalog === null ? null : userType(read, catalog);
  const base = isBase(read, catalog ?? NOTHING);
  return { base, free: isFree(known, catalog), comparable };
}

function isFree(known: UserType | null, catalog: Catalog | null): boolean {
  return catalog !== null && known?.kind === "domain" && !known.constrained && isFounded(known, catalog);
}

const NOTHING: Catalog = Object.freeze({ source: "files", complete: false, defaultSchema: null, tables: [] });
