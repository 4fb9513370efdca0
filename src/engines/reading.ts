import type { Reading } from "./engine.js";

/** A reading that stops a backfill, and goes on stopping it. */
export const stop = (reason: string): Reading => ({ ok: false, calm: false, reason, lagMs: null });

/** The same, because a person wants it so: however long it takes, it is no reason to end. */
export const stopAsWanted = (reason: string): Reading => ({ ...stop(reason), wanted: true });

/** A reading that lets a backfill go on, and start again. */
export const go = (reason: string): Reading => ({ ok: true, calm: true, reason, lagMs: null });

/** A reading that has no middle between the two. */
export const goIf = (ok: boolean, reason: string): Reading => (ok ? go(reason) : stop(reason));
