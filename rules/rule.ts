import type { Engine, EngineName, Version } from "../src/engines/engine.js";
import type { Catalog } from "../src/model/catalog.js";
import type { Effect, Lock } from "../src/model/effect.js";
import type { Fix, Severity } from "../src/model/finding.js";
import type { RelationName } from "../src/model/name.js";
import type { Operation } from "../src/model/operation.js";
import type { PhaseName } from "../src/model/phase.js";
import type { Span } from "../src/model/span.js";

/** A lock that an earlier statement of the same transaction took, which is held until its end. */
export interface HeldLock extends Lock {
  /** What that statement did: `add-column`. */
  readonly by: string;
  /** The name of what that statement has dropped; null where it drops nothing. */
  readonly drops: string | null;
}

/** What a rule may know of one operation. */
export interface RuleContext {
  readonly operation: Operation;
  /** What the operation does; the only source of what it locks, rewrites and breaks. */
  readonly effect: Effect;
  /** For its name and for quoting in help. */
  readonly engine: Pick<Engine, "name" | "quote" | "quoteRelation">;
  /** The oldest server that the statement may run on. */
  readonly version: Version;
  /** The newest, where a range is meant; absent when it is `version`. */
  readonly newestVersion?: Version;
  /** The schema before the operation, as far as it is known. */
  readonly catalog: Catalog;
  /** The schema before the file, which running code was written for. */
  readonly deployed: Catalog;
  /** The phase that the author gave the statement; null when the file is not split by hand. */
  readonly phase: PhaseName | null;
  /** Between a BEGIN and a COMMIT of the file, or in the transaction that its tool runs it in. */
  readonly inTransaction: boolean;
  /** That transaction is the one of the message that its tool sends it in: no BEGIN was said (PostgreSQL). */
  readonly inMessage: boolean;
  /** Inside of a DO block, which is a transaction, or a part of one. */
  readonly inBlock: boolean;
  /** The tool sends it as one message with what stands beside it: a second statement makes a transaction (PostgreSQL). */
  readonly oneMessage: boolean;
  /** What the file has to say so that its tool runs it without a transaction: "write `-- atlas:txmode none` at its top"; null where it cannot. */
  readonly withoutTransaction: string | null;
  /** All operations of the statement, this one among them, in their order. */
  readonly siblings: readonly Operation[];
  /** The session's settings that the file has made and that hold here, by name in lower case. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the file has put rows into the table that it made and this is about; null where the file did not make it. */
  readonly filled: boolean | null;
  /** An INSERT ... SELECT reads nothing but tables that the file made, and put no more into than it writes out. */
  readonly readsFew: boolean;
  /** Locks that earlier statements of this transaction hold, on tables that others use. */
  readonly held: readonly HeldLock[];
  /** Tables that the session has for itself (LOCK TABLES ... WRITE) until UNLOCK TABLES (MySQL, MariaDB). */
  readonly lockedTables: readonly RelationName[];
  /** What LOCK TABLES holds in front of the statement, under which nothing else can be named (MySQL, MariaDB). */
  readonly tableLocks: readonly TableLock[];
  /** The statement as written, and where it begins in the file: for fixes, and for literals that no model holds. */
  readonly written: { readonly text: string; readonly start: number };
  /** Nothing behind this statement commits or rolls back in the file. */
  readonly lastTransaction: boolean;
  /** The file writes rows behind its last COMMIT, and behind the last change of the schema that commits by itself. */
  readonly writesBehindCommit: boolean;
  /** Enum values that this transaction has added: no statement may use them before it ends (PostgreSQL). */
  readonly enumValues: readonly EnumValue[];
  /** Columns that earlier statements of the file forbid NULL in by a CHECK, without a look at the rows (PostgreSQL). */
  readonly notNullChecks: readonly ColumnName[];
  /** The indexes that earlier statements of the file have dropped. */
  readonly droppedIndexes: readonly DroppedIndex[];
  /** Those that they have dropped if they were there (IF EXISTS), where no file tells. */
  readonly perhapsDropped: readonly DroppedIndex[];
  /** Columns that the file has added so far: old code does not know them. */
  readonly addedColumns: readonly ColumnName[];
  /** Those of them, and of the statement so far, that are NULL in every row still: nobody has written to them (MySQL, MariaDB). */
  readonly emptyColumns: readonly ColumnName[];
  /**
   * What the same transaction does behind the statement: what it makes of a name, or gives it, the rights that it grants on it, the
   * triggers and rules of that table that it switches, the table itself, the columns and constraints that it adds to it, the triggers and rules that write
   * in the place of a view, the policies of a table. Where each statement is a transaction: of a DROP what zmigrate exchanges for it in one
   * (PostgreSQL); else empty.
   */
  readonly laterOn: (name: string) => readonly Operation[];
  /**
   * The schema behind the transaction of the statement, or behind the file where it stands in none; null where that is not certain, and where
   * what stands in between writes rows or runs code.
   */
  readonly atEnd: () => Catalog | null;
  /** What the next statement of the file does; empty at its end. */
  readonly next: readonly Operation[];
  /** Tables that the same deploy changes for new code, before this statement. */
  readonly expanded: readonly ExpandedTable[];
}

/** A table that a deploy changes for new code. */
export interface ExpandedTable {
  readonly relation: RelationName;
  /** The file that does it. */
  readonly file: string;
  /** The tool that runs that file as a whole, phases or not; null where phases are obeyed. */
  readonly tool: string | null;
}

/** A table that LOCK TABLES has locked (MySQL, MariaDB). */
export interface TableLock {
  readonly relation: RelationName;
  /** What statements have to call it: its alias, or its name. */
  readonly alias: string;
  /** It is for writing, too. */
  readonly writes: boolean;
}

/** A value of an enum. */
export interface EnumValue {
  readonly type: RelationName;
  readonly value: string;
}

/** An index that is gone, with its table where its name is its table's (MySQL, MariaDB). */
export interface DroppedIndex {
  readonly index: RelationName;
  readonly table: RelationName | null;
}

/** A column of a table. */
export interface ColumnName {
  readonly relation: RelationName;
  readonly column: string;
}

/** What a rule says when it speaks. */
export interface Verdict {
  /** Where it is less certain, or does more harm, than what the rule says elsewhere; else the rule's own. */
  readonly severity?: Severity;
  /** What happens to whom, in the present tense. */
  readonly message: string;
  /** What to do instead: an imperative, with SQL that can be pasted. */
  readonly help: string;
  /** A change that certainly means the same without the hazard; `lint --fix` does it. */
  readonly fix?: Fix;
  /** The place in the file, where it is a part of the operation; else the whole operation is marked. */
  readonly span?: Span;
  /** Present where it is told once in a transaction: what it is about, which is named with the first. */
  readonly once?: readonly string[];
}

/** A file that a rule is tested on and explained with. */
export interface Example {
  readonly sql: string;
  /** Without it: every engine of the rule. */
  readonly engines?: readonly EngineName[];
  /** Without it: the oldest that the engine supports. */
  readonly version?: string;
}

/**
 * One rule: `rules/<id>.ts` exports it under the name `rule`, and `rules/index.ts` has its line. It is pure: it reads
 * the effect and the context and decides whether to speak.
 */
export interface Rule {
  /** A sentence in kebab case; equal to squawk's where the meaning is. */
  readonly id: string;
  readonly engines: readonly EngineName[];
  readonly severity: Severity;
  /** What would happen without it: one sentence for `explain`. */
  readonly protects: string;
  /** It also speaks about a table that the same file created, which no running code knows and which holds no rows. */
  readonly onFreshTables?: boolean;
  /**
   * It is about what running code loses: it says nothing of what the same file made, which no running code can name, wherever
   * that hangs.
   */
  readonly losses?: boolean;
  /** It speaks only where no other rule does: nothing dangerous passes because nobody wrote its own rule. */
  readonly fallback?: boolean;
  /** It is about something beside what the operation locks and breaks, so that fallback rules are asked all the same. */
  readonly aside?: boolean;
  /** It is about how long the operation locks, reads and writes a table, and says what that rests on. */
  readonly costs?: boolean;
  /** Advice on style: it speaks only where the configuration gives it a severity. */
  readonly defaultOff?: boolean;
  check(context: RuleContext): Verdict | null;
  /** Each gets this rule's finding. */
  readonly bad: readonly Example[];
  /** None gets this rule's finding. */
  readonly good: readonly Example[];
}

export const ALL_ENGINES: readonly EngineName[] = Object.freeze(["postgres", "mysql", "mariadb"]);
export const MYSQL_ENGINES: readonly EngineName[] = Object.freeze(["mysql", "mariadb"]);
export const POSTGRES: readonly EngineName[] = Object.freeze(["postgres"]);
