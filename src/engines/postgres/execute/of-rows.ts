/** Two letters of a SQLSTATE whose errors are the statement's, the session's or the server's, and no row's. */
const OF_NO_ROW: ReadonlySet<string> = new Set([
  // No error, a connection, a feature that is not there, and what is wrong with a transaction, a cursor, a role or a name.
  ...[
    "00",
    "01",
    "03",
    "08",
    "0A",
    "0B",
    "0F",
    "0L",
    "0P",
    "0Z",
    "24",
    "25",
    "26",
    "28",
    "2B",
    "2D",
    "34",
    "3B",
    "3D",
    "3F",
  ],
  // Syntax, names and privileges; resources, states, operators, files, settings, foreign servers, what is broken.
  ...["40", "42", "53", "55", "57", "58", "72", "F0", "HV", "XX"],
]);

/** The same of single ones: a routine that may not do what it does, a trigger that breaks its protocol, a statement that is too long. */
const NO_ROW: ReadonlySet<string> = new Set([
  ...["2F002", "2F003", "2F004", "39P01", "39P02", "39P03", "54011", "54023"],
]);

/** Names in the server's source of what raises errors about rows, whatever their SQLSTATE: RAISE of PL/pgSQL, and a policy that refuses a row. */
const RAISING: ReadonlySet<string> = new Set(["exec_stmt_raise", "ExecWithCheckOptions"]);

/** True where a trigger, a function or a policy refuses a row with an SQLSTATE that means something else, too. */
export const isRaised = (error: unknown): boolean =>
  error instanceof Error && "routine" in error && typeof error.routine === "string" && RAISING.has(error.routine);

/**
 * True where an error may be one row's fault. Triggers, functions, policies and domains raise what they like about a row, so that all
 * counts as that which is certainly something else.
 *
 * @param code its SQLSTATE
 */
export const isOfRow = (code: string): boolean =>
  /^[0-9A-Z]{5}$/.test(code) && !OF_NO_ROW.has(code.slice(0, 2)) && !NO_ROW.has(code);
