import type { SyntaxProblem } from "../model/statement.js";

/**
 * What the tool that a file was written for does about transactions:
 *
 * - `file`: one transaction around the whole file (dbmate, goose, Atlas, node-pg-migrate, Drizzle, Knex, TypeORM, Diesel);
 * - `batch`: the file is sent as one message, which PostgreSQL runs in one transaction when it holds more than one
 *   statement (golang-migrate, Prisma; Diesel where it is asked for no transaction);
 * - `auto`: one transaction, unless every statement refuses to run in one (Flyway);
 * - `mixed`: one transaction, unless any statement refuses to run in one (Flyway with its setting `mixed`);
 * - `none`: each statement by itself, as the file asks for with a mark of its tool.
 */
export type RunnerTransaction = "file" | "batch" | "auto" | "mixed" | "none";

/** The tool that a file was written for. */
export interface Runner {
  /** Its name as its makers write it, for messages. */
  readonly tool: string;
  readonly transaction: RunnerTransaction;
}

/** A file's name and text, which give a span its place. */
export interface Place {
  readonly file: string;
  readonly text: string;
  /** What stands in the file, where `text` is what was made of it, character for character; absent where it is the same. */
  readonly written?: string;
  /** Absent for files that zmigrate runs, and where no tool is recognised. */
  readonly runner?: Runner;
  /** What of the file could not be made SQL of: code that a person must look at. Absent when there is none. */
  readonly unread?: readonly SyntaxProblem[];
}
