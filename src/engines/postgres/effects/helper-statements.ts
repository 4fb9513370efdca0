import type { Lock } from "../../../model/effect.js";
import type { RelationName } from "../../../model/name.js";

/**
 * What the planner's own helper statements lock: those that stand for no operation of a migration file.
 * Measured on PostgreSQL 15 and 18; test/engines/postgres/strategies/locks.test.ts compares every step with pg_locks.
 */
const held =
  (mode: string, blocks: Lock["blocks"], duration: Lock["held"]) =>
  (relation: RelationName): Lock =>
    Object.freeze({ relation, mode, blocks, held: duration });

/** ALTER TABLE forms that only change the catalog: defaults, renames, NOT VALID checks, dropped columns. */
export const alterTable = held("ACCESS EXCLUSIVE", "reads", "brief");
/** CREATE TRIGGER, and ADD FOREIGN KEY ... NOT VALID on both tables. */
export const createTrigger = held("SHARE ROW EXCLUSIVE", "writes", "brief");
/** VALIDATE CONSTRAINT: reads and writes go on, other DDL and VACUUM wait. */
export const validate = held("SHARE UPDATE EXCLUSIVE", "ddl", "scan");
/** VALIDATE of a foreign key, on the table it points at. */
export const validateTarget = held("ROW SHARE", "nothing", "scan");
/** CREATE INDEX CONCURRENTLY. */
export const buildConcurrently = held("SHARE UPDATE EXCLUSIVE", "ddl", "build");
/** DROP INDEX CONCURRENTLY, on the index and its table. */
export const dropConcurrently = held("SHARE UPDATE EXCLUSIVE", "ddl", "brief");
/** ALTER INDEX ... RENAME, on the index: queries go on. */
export const renameIndex = held("SHARE UPDATE EXCLUSIVE", "ddl", "brief");
/** CREATE INDEX ON ONLY of a table with partitions: there is nothing to build. */
export const createIndexOnly = held("SHARE", "writes", "brief");
/** ALTER INDEX ... ATTACH PARTITION, on the two indexes: queries of the partition wait for the moment. */
export const attachIndex = (part: RelationName, whole: RelationName): readonly Lock[] => [
  held("ACCESS EXCLUSIVE", "reads", "brief")(part),
  held("SHARE UPDATE EXCLUSIVE", "ddl", "brief")(whole),
];
