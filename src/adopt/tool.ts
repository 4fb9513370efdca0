/** A row of a tool's table, as the drivers hand it over. */
export type Row = Readonly<Record<string, unknown>>;

/** What a tool's table says of the files. */
export interface Recorded {
  /** Those of the versions that have run. */
  readonly run: ReadonlySet<string>;
  /** What was begun and has failed: half of it may be there. */
  readonly unfinished: readonly string[];
  /** What has run, and is no file. */
  readonly unknown: readonly string[];
}

/** What a tool replaces in a file when it runs it, by values that the file does not hold. */
export interface Placeholders {
  readonly pattern: RegExp;
  /** Whether it does so at a place of the file's text. */
  isOn(at: number): boolean;
  /** How a person tells the tool to leave them as they stand, as a sentence. */
  readonly leaveOff: string;
}

/** A migration tool that zmigrate can take over from: how it names its files in the table in which it keeps what it has run. */
export interface FormerTool {
  /** As `--from` takes it. */
  readonly name: string;
  /** As its makers write it. */
  readonly label: string;
  /** Its table, in lower case, as it makes it where nothing else is configured. */
  readonly table: string;
  /**
   * A file's version as the table has it; null for a file whose name is none of the tool's.
   *
   * @param path relative to the folder
   */
  versionOf(path: string, folder: string): string | null;
  /** Null for a file in which it replaces nothing. Absent: in none. */
  placeholdersIn?(file: string, text: string): Placeholders | null;
  /**
   * @param versions of the files, as `versionOf` gives them
   * @throws TypeError, SyntaxError: rows, or versions, of another shape
   */
  recorded(rows: readonly Row[], versions: readonly string[]): Recorded;
}

/** Of a tool that notes each version that has run. */
export function byList(
  ran: readonly string[],
  versions: readonly string[],
  unfinished: readonly string[] = [],
): Recorded {
  const files = new Set(versions);
  return { run: new Set(ran), unfinished, unknown: ran.filter((version) => !files.has(version)) };
}

/** Of a tool that goes by the last version that has run: numbers, all up to it. */
export function upToLast(
  last: string | null,
  versions: readonly string[],
  unfinished: readonly string[] = [],
): Recorded {
  if (last === null) return { run: new Set(), unfinished, unknown: [] };
  const run = versions.filter((version) => BigInt(version) <= BigInt(last));
  return { run: new Set(run), unfinished, unknown: versions.includes(last) ? [] : [last] };
}

/** A column's value as text; an empty text for NULL. @throws TypeError where there is no such column: the table is another one's */
export const text = (row: Row, column: string): string => {
  if (!(column in row)) throw new TypeError(`it has no column ${column}`);
  const value = row[column];
  return value === null || value === undefined ? "" : String(value);
};

/** A boolean of PostgreSQL, and what MySQL keeps for one. */
export const isTrue = (row: Row, column: string): boolean => row[column] === true || Number(row[column]) === 1;

/** The number in front of a name, without zeros in front of it: `000012_x.up.sql` is `12`; null where there is none. */
export function leadingNumber(name: string): string | null {
  const [digits] = /^\d+/.exec(name) ?? [];
  return digits === undefined ? null : String(BigInt(digits));
}
