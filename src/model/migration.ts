import type { MigrationCode } from "./backfill-code.js";
import type { Directive } from "./directive.js";
import type { MigrationPlan } from "./plan.js";
import type { Statement } from "./statement.js";

/** A migration file on disk, before an engine has read its SQL. */
export interface MigrationFile {
  /** The 14 digits: the identity. */
  readonly id: string;
  readonly slug: string;
  /** The path as given, for messages. */
  readonly file: string;
  /** LF text without a byte order mark. */
  readonly text: string;
  /** SHA-256 over the LF text, lower-case hex. */
  readonly checksum: string;
}

/** Steps that stand in the file itself, since `plan --write` has put it into phases: they run as they stand there. */
export interface WrittenPlan {
  /** The engine that they were written for. */
  readonly engine: string;
  readonly version: string;
  /** What was known of the schema. */
  readonly source: string;
  readonly plan: Omit<MigrationPlan, "id" | "name" | "file" | "findings">;
  /** The steps whose SQL was edited since, and what it does now. */
  readonly edited: readonly { readonly step: string; readonly statements: readonly Statement[] }[];
}

/** A migration whose SQL and directives were read without a problem. */
export interface Migration extends MigrationFile {
  readonly statements: readonly Statement[];
  readonly directives: readonly Directive[];
  /** Absent for a file that nobody has put into phases; the statements and directives are those that it had before. */
  readonly written?: WrittenPlan;
  /** Of a backfill in TypeScript, which has no statements; absent for SQL. */
  readonly code?: MigrationCode;
}
