import type { ObjectType } from "../../model/detail/object.js";

const MADE_IN_MODE: ReadonlySet<ObjectType> = new Set(["trigger", "function", "procedure", "event", "view"]);

/** The SQL mode in which it is made decides what its text means, and is that in which its body runs. */
export const isMadeInMode = (object: ObjectType | null): boolean => object !== null && MADE_IN_MODE.has(object);

/** Strict, so that a value that does not fit is an error and not a cut value. */
const STRICT = "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/**
 * The mode of every session of ours: an id of 0 stays 0 where a table is copied; zero dates that are there stay copyable,
 * which is why TRADITIONAL is too much. One fixed mode also fixes how literals are read.
 */
export const OWN_MODE = `${STRICT},NO_AUTO_VALUE_ON_ZERO`;

/**
 * A statement in a SQL mode other than that of our sessions.
 *
 * @param mode an expression
 */
export const inMode = (mode: string, statement: string): readonly string[] => [
  `SET SESSION sql_mode = ${mode}`,
  statement,
  `SET SESSION sql_mode = '${OWN_MODE}'`,
];

/**
 * A statement as a client sends it that sets no mode of its own. What the server's mode would make something else of is
 * refused: see `refuseOtherText`.
 */
export const inServersMode = (statement: string): readonly string[] => inMode("@@GLOBAL.sql_mode", statement);

/** Makes a session one that writes rows: 0 in an AUTO_INCREMENT column is the next number, as for any client. */
export const WRITING_ROWS = `SET SESSION sql_mode = '${STRICT}'`;

/** A statement that writes rows of its author. */
export const writingRows = (statement: string): readonly string[] => inMode(`'${STRICT}'`, statement);
