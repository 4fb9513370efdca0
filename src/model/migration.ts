import type { Directive } from "./directive.js";
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

/** A migration whose SQL and directives were read without a problem. */
export interface Migration extends MigrationFile {
  readonly statements: readonly Statement[];
  readonly directives: readonly Directive[];
}
