import type { RunnerTransaction } from "../place.js";

/** How the scripts of a tool hand SQL to the database, by the handle that their `up` is given. */
export interface ScriptTool {
  readonly tool: string;
  /** Where a script says nothing of it. */
  readonly transaction: RunnerTransaction;
  /** A call that takes SQL as a text, whatever it is called on. */
  readonly call: RegExp;
  /** What may stand behind the handle: such a call, and calls that run nothing by themselves. */
  readonly understood: RegExp;
  /** Calls behind the handle that stand for a statement no longer than they are. */
  readonly means: readonly (readonly [RegExp, string])[];
  /** A call behind the handle that gives the code in it another handle. */
  readonly hands: RegExp | null;
  /** What the tool's own builder does, and the way out. */
  readonly builds: string;
  readonly help: string;
}

const KNEX: ScriptTool = {
  tool: "Knex",
  transaction: "file",
  call: /\.\s*raw\s*(?:<[^>()]*>)?\s*\(/g,
  understood:
    /^\s*\.\s*(?:(?:schema\s*\.\s*)?(?:withSchema\s*\([^)]*\)\s*\.\s*)?raw\b|(?:commit|rollback|transaction)\s*\()/,
  means: [],
  hands: /^\s*\.\s*transaction\s*\(\s*(?:async\b\s*)?(?:function\b\s*\w*\s*)?\(?\s*([A-Za-z_$][\w$]*)/,
  builds: "Knex's builder makes this SQL when it runs, so it is not known what it is; write it with `raw`",
  help: "Write it as knex.raw with one literal, so that it can be judged; or judge the SQL that it makes by hand.",
};

const TYPEORM: ScriptTool = {
  tool: "TypeORM",
  transaction: "file",
  call: /\.\s*query\s*(?:<[^>()]*>)?\s*\(/g,
  // What is rolled back where something fails is no part of what runs.
  understood: /^\s*\.\s*(?:(?:(?:manager|connection)\s*\.\s*)?query\b|(?:start|commit|rollback)Transaction\s*\()/,
  means: [
    [/^\s*\.\s*startTransaction\s*\(/, "BEGIN;"],
    [/^\s*\.\s*commitTransaction\s*\(/, "COMMIT;"],
  ],
  hands: null,
  builds:
    "TypeORM makes this SQL when it runs, so it is not known what it is; write it with `query`, as `typeorm migration:generate` does",
  help: "Write it as queryRunner.query with one literal, so that it can be judged; or judge the SQL that it makes by hand.",
};

/** A transaction of its own, which is handed to each call, is not followed. */
const SEQUELIZE: ScriptTool = {
  tool: "Sequelize",
  transaction: "none",
  call: /\.\s*query\s*(?:<[^>()]*>)?\s*\(/g,
  understood: /^\s*\.\s*sequelize\s*\.\s*query\b/,
  means: [],
  hands: null,
  builds: "Sequelize makes this SQL when it runs, so it is not known what it is; write it with `sequelize.query`",
  help: "Write it as queryInterface.sequelize.query with one literal, so that it can be judged; or judge the SQL that it makes by hand.",
};

/**
 * The tool that a script was written for: Knex where nothing tells.
 *
 * @param code the script without its texts and comments
 */
export function toolOf(code: string): ScriptTool {
  if (/\bMigrationInterface\b|\bqueryRunner\b/i.test(code)) return TYPEORM;
  return /\bqueryInterface\b/i.test(code) ? SEQUELIZE : KNEX;
}
