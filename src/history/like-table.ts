import type { Constraint, Index, Table } from "../model/catalog.js";
import type { CreateTable } from "../model/operation.js";
import { carriers } from "./definitions.js";
import { type Namer, namerOf } from "./implied-check.js";
import type { Known } from "./known.js";
import { leadingName, mentioned, quotedLike } from "./text.js";

/**
 * The table that `LIKE source` makes when it copies all: columns, checks, keys and indexes, but no foreign keys, and of a
 * partitioned table no partitions. PostgreSQL names keys and indexes anew and leaves checks their names; MySQL the other
 * way round; MariaDB leaves all theirs.
 */
export function likeTable({ dialect }: Known, operation: CreateTable, source: Table): Table {
  const { relation } = operation;
  const namer = namerOf(relation, () => new Set(), null, dialect);
  const constraints = source.constraints
    .filter((c) => c.kind !== "foreign-key")
    .map((c) =>
      copied(c, dialect === undefined ? keyName(c, namer) : dialect === "mysql" ? checkName(c, namer) : c.name),
    );
  const indexes = source.indexes
    .filter((i) => i.constraint === null)
    .map((i) =>
      copiedIndex(i, source, operation, dialect === undefined ? namer.name(null, wordsOf(i), "idx") : i.name),
    );
  return Object.freeze({
    relation,
    columns: [...source.columns],
    constraints,
    indexes: [...carriers(constraints), ...indexes],
    referencedBy: [],
    dependents: [],
    partitioned: false,
    partitions: Object.freeze([]),
    partitionOf: null,
    partitionKey: null,
    rows: null,
    bytes: null,
    ...(source.engine == null ? {} : { engine: source.engine }),
  });
}

const SUFFIX = { unique: "key", exclusion: "excl" } as const;

function keyName(c: Constraint, namer: Namer): string {
  if (c.kind === "primary-key") return namer.name(null, [], "pkey");
  return c.kind === "unique" || c.kind === "exclusion" ? namer.name(null, c.columns, SUFFIX[c.kind]) : c.name;
}

const checkName = (c: Constraint, namer: Namer): string =>
  c.kind === "check" ? namer.check(null, c.columns, null) : c.name;

const copied = (c: Constraint, name: string): Constraint =>
  Object.freeze({ ...c, name, validated: true, index: c.index === null ? null : name });

/** The columns among the keys; an expression counts as one word, whatever columns it names. */
function wordsOf({ definition, columns }: Index): readonly string[] {
  const keys = keyTexts(definition.slice(definition.indexOf("(")));
  return keys.map((key) => columns.find((c) => mentioned(leadingName(key), [c]).length > 0 && !isCall(key)) ?? "expr");
}

const isCall = (key: string): boolean => /^\s*\(|^\s*[^\s(]+\s*\(/.test(key);

/** What stands between the commas of the first brackets of a text. */
function keyTexts(text: string): string[] {
  const keys = [""];
  let depth = 0;
  for (const character of text) {
    if (character === ")") depth -= 1;
    if (depth === 0 && character === ")") break;
    if (depth === 1 && character === ",") keys.push("");
    else if (depth > 0) keys[keys.length - 1] += character;
    if (character === "(") depth += 1;
  }
  return keys;
}

function copiedIndex(index: Index, source: Table, { relation }: CreateTable, name: string): Index {
  const { definition } = index;
  const behind = definition.slice(definition.indexOf(quotedLike(definition, source.relation.name)));
  const rest = behind.slice(quotedLike(definition, source.relation.name).length);
  const on = [...(relation.schema === null ? [] : [relation.schema]), relation.name]
    .map((n) => quotedLike(definition, n))
    .join(".");
  const head = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX`;
  return Object.freeze({ ...index, name, definition: `${head} ${quotedLike(definition, name)} ON ${on}${rest}` });
}
