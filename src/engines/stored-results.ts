import type { Catalog, Table } from "../model/catalog.js";
import type { RoutineShape } from "../model/detail/object.js";
import type { RelationName } from "../model/name.js";
import { DEEPEST_CALL } from "./called-code.js";
import { sameRelation } from "./engine.js";
import { knownRoutines } from "./table-lookup.js";

/** Something that keeps what functions gave for a row, and does not ask them again. */
export interface StoredResult {
  readonly kind: "index" | "generated-column" | "check" | "exclusion" | "partition-key";
  readonly table: RelationName;
  /** Of the index, column or constraint; of the table for a partition key. */
  readonly name: string;
  /** Its expressions: behind the table's name, where that is an index. */
  readonly text: string;
  /** A unique index, in which no two rows are alike. */
  readonly unique: boolean;
  /** It calls the function by itself, and not by another one. */
  readonly direct: boolean;
}

/** A function that is asked for: with `shape`, only calls with as many arguments. */
export interface Asked {
  readonly name: RelationName;
  readonly shape: RoutineShape | null;
}

/** What keeps results of a function, as far as files tell. */
export function resultsStored(catalog: Catalog, asked: Asked): readonly StoredResult[] {
  return catalog.tables.flatMap((table) =>
    keepersOf(table).flatMap((one): StoredResult[] => {
      const direct = calls(one.text, asked, catalog);
      const isKept = direct || callsInside(one.text, asked, catalog, 1);
      return isKept ? [{ ...one, table: table.relation, direct }] : [];
    }),
  );
}

type Keeper = Omit<StoredResult, "table" | "direct">;

const ONE = { kind: "index", unique: false } as const;

function keepersOf({ relation, indexes, columns, constraints, partitionExpression }: Table): readonly Keeper[] {
  const own = indexes.filter(({ constraint }) => constraint === null);
  const checked = constraints.filter(({ kind }) => kind === "check" || kind === "exclusion");
  return [
    ...own.map(({ name, definition, unique }) => ({ ...ONE, name, unique, text: behindTable(definition) })),
    ...columns.flatMap(({ name, generated }) =>
      generated?.kind === "stored"
        ? [{ ...ONE, kind: "generated-column" as const, name, text: generated.expression }]
        : [],
    ),
    ...checked.map(({ kind, name, definition }) => ({
      ...ONE,
      kind: kind === "exclusion" ? ("exclusion" as const) : ("check" as const),
      name,
      text: definition.slice(Math.max(0, definition.indexOf("("))),
    })),
    ...(partitionExpression === undefined
      ? []
      : [{ ...ONE, kind: "partition-key" as const, name: relation.name, text: partitionExpression }]),
  ];
}

/** `(f(a)) WHERE ...` of `CREATE INDEX i ON t USING btree (f(a)) WHERE ...`. */
const behindTable = (definition: string): string =>
  /\sON\s+(?:ONLY\s+)?(?:"(?:[^"]|"")*"|[\w$]+)(?:\.(?:"(?:[^"]|"")*"|[\w$]+))?\s*(.*)$/isu.exec(definition)?.[1] ??
  definition;

/** A name, with its schema or not, that a bracket follows: a call, a type with a length, or a word of SQL. */
const CALL =
  /(?<![\p{L}\p{N}_$"'.])((?:(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)\s*\.\s*)?(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))\s*\(/gu;

interface Call {
  readonly name: RelationName;
  /** How many arguments stand in its brackets. */
  readonly passed: number;
  readonly start: number;
  readonly end: number;
}

function callsIn(text: string): readonly Call[] {
  return [...text.matchAll(CALL)].map((match) => {
    const [whole, written = ""] = match;
    const parts = (written.match(/"(?:[^"]|"")*"|[\p{L}\p{N}_$]+/gu) ?? []).map(unquoted);
    const name = { schema: parts.length > 1 ? (parts[0] ?? null) : null, name: parts.at(-1) ?? "" };
    const start = match.index;
    return { name, start, end: start + written.length, passed: passedAt(text, start + whole.length) };
  });
}

const unquoted = (part: string): string =>
  part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase();

/** How many arguments stand between a bracket and its end. */
function passedAt(text: string, from: number): number {
  let depth = 0;
  let commas = 0;
  for (const [part] of text.slice(from).matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\s\S]/g)) {
    if (part === ")" && depth === 0) break;
    if (part === "(" || part === "[") depth++;
    if (part === ")" || part === "]") depth--;
    if (part === "," && depth === 0) commas++;
  }
  return /^\s*\)/.test(text.slice(from)) ? 0 : commas + 1;
}

function isCall({ name, passed }: Call, asked: Asked, { defaultSchema }: Catalog): boolean {
  const { shape } = asked;
  const isSame =
    sameRelation(name, asked.name, defaultSchema) || (name.schema === null && name.name === asked.name.name);
  return isSame && (shape === null || (passed <= shape.takes.length && passed >= shape.takes.length - shape.defaults));
}

const calls = (text: string, asked: Asked, catalog: Catalog): boolean =>
  callsIn(text).some((call) => isCall(call, asked, catalog));

/** Whether a function that the text calls calls the one that is asked for. */
function callsInside(text: string, asked: Asked, catalog: Catalog, depth: number): boolean {
  return callsIn(text).some(({ name }) =>
    (knownRoutines(catalog, name) ?? []).some(
      (routine) =>
        calls(routine.text, asked, catalog) ||
        (depth < DEEPEST_CALL && callsInside(routine.text, asked, catalog, depth + 1)),
    ),
  );
}

/** The expressions, with calls of the function as calls of another one. @param to as it is written */
export function calledAnew(text: string, asked: Asked, catalog: Catalog, to: string): string {
  const found = callsIn(text).filter((call) => isCall(call, asked, catalog));
  return found.reduceRight((all, { start, end }) => `${all.slice(0, start)}${to}${all.slice(end)}`, text);
}
