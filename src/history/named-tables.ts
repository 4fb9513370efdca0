import type { Code } from "../model/detail/code.js";
import type { RelationName } from "../model/name.js";
import type { Operation } from "../model/operation.js";
import type { OperationDetail } from "../model/operation-detail.js";
import { takenBy } from "./gone-tables.js";
import type { Known } from "./known.js";
import { get, type PersistentMap, set } from "./persistent-map.js";
import { UNTOLD } from "./routine-names.js";

/**
 * With the names, in whatever schema, that an operation gives to tables and the like, or changes one by. What is not listed may
 * be there in a shape that is not known; what no file has named is nowhere.
 */
export function withNamed(known: Known, operation: Operation): Known {
  // A database tells of all.
  if (known.source !== "files") return known;
  // Code names what it uses when it runs, whether it is there or not.
  const used = usedBy(operation).map(({ name }) => name);
  const named = [...namesIn(operation, known), ...used].reduce(noted, known.named);
  return named === known.named ? known : { ...known, named };
}

const noted = (all: PersistentMap<true>, name: string): PersistentMap<true> =>
  get(all, name) === true ? all : set(all, name, true);

function namesIn(operation: Operation, known: Known): readonly string[] {
  const { kind, relation } = operation;
  const detail = kind === "other" ? operation.detail : undefined;
  const mayBring = detail?.kind === "create-object" && detail.object === "extension" && bringsTables(detail.name);
  const isUntold =
    mayBring || (kind === "other" && (detail === undefined ? !operation.harmless : makesUntold(detail, known)));
  const inside = codeOf(detail)?.operations.flatMap((entry) => namesIn(entry.operation, known)) ?? [];
  const taken = takenBy(operation, known).map(({ name }) => name);
  const changed = relation === null || detail?.kind === "data-change" ? [] : [relation.name];
  const used = usedBy(operation).map(({ name }) => name);
  const untold = isUntold || used.some((name) => get(known.named, name) !== true && !taken.includes(name));
  return [...taken, ...changed, ...inside.filter((name) => name !== UNTOLD), ...(untold ? [UNTOLD] : [])];
}

/** Extensions that bring no table or view that is found without a schema; those of PostgreSQL's own begin with `pg_`. */
const BRINGS_NONE =
  /^(?:pg_(?!partman)|plpgsql|pgcrypto$|uuid-ossp$|citext$|hstore$|btree_gi|unaccent$|intarray$|ltree$|vector$|cube$|earthdistance$|fuzzystrmatch$|tablefunc$|dblink$|moddatetime$|supabase_vault$|pgmq$)/;

const bringsTables = (name: RelationName | null): boolean => name === null || !BRINGS_NONE.test(name.name);

/** The tables that must be there: one that no file has made shows that the files do not tell of all. */
function usedBy(operation: Operation): readonly RelationName[] {
  if (operation.ifTableExists === true || operation.kind === "create-table") return [];
  if (operation.kind !== "other") return [operation.relation];
  const { detail, relation } = operation;
  if (detail?.kind === "data-change") return detail.writes;
  return detail?.kind === "create-object" && detail.object === "trigger" && relation !== null ? [relation] : [];
}

const makesUntold = (detail: OperationDetail, { dialect }: Known): boolean =>
  (detail.kind === "query" && detail.into === "table") ||
  (detail.kind === "opaque" &&
    // Functions of MySQL and MariaDB make no table, and what is prepared does nothing yet.
    (detail.how !== "do" || dialect === undefined) &&
    (detail.code === undefined || detail.code.unknown.length > 0));

const codeOf = (detail: OperationDetail | undefined): Code | undefined =>
  detail?.kind === "opaque" || detail?.kind === "create-object" ? detail.code : undefined;
