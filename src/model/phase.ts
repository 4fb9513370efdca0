/** Expand only adds, backfill moves data, contract removes what old code used. */
export type PhaseName = "expand" | "backfill" | "contract";

export const PHASES: readonly PhaseName[] = Object.freeze(["expand", "backfill", "contract"]);

/** True for the name of a phase. */
export const isPhase = (text: string): text is PhaseName => (PHASES as readonly string[]).includes(text);
