import type { Reading } from "./engine.js";

/** A reading that stops a backfill, and goes on stopping it. */
export const stop = (reason: string): Reading => ({ ok: false, calm: false, reason, lagMs: null });

/** A reading that lets a backfill go on, and start again. */
export const go = (reason: string): Reading => ({ ok: true, calm: true, reason, lagMs: null });

/** A reading that has no middle between the two. */
export const goIf = (ok: boolean, reason: string): Reading => (ok ? go(reason) : stop(reason));
