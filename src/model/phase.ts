/** Expand only adds, backfill moves data, contract removes what old code used. */
export type PhaseName = "expand" | "backfill" | "contract";

export const PHASES: readonly PhaseName[] = Object.freeze(["expand", "backfill", "contract"]);
