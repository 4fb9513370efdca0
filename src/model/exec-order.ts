/**
 * What becomes of a file that has not run and stands before one that has, as a branch brings it that was merged late: it is
 * run all the same, left out, or refused.
 */
export const EXEC_ORDERS = Object.freeze(["non-linear", "linear-skip", "linear"] as const);

export type ExecOrder = (typeof EXEC_ORDERS)[number];
