/** How often the figures of a reason are noted anew, milliseconds: the journal is another table that is written. */
const NOTE_MS = 2_000;

/** A reason without its figures: these are others at each look. */
export const gistOf = (reason: string): string => reason.replace(/\d+(?:[.,:]\d+)*/g, "");

/** What a worker waits for, as the journal knows it: `status` shows it. */
export interface Noting {
  /** @returns true where it is another reason, and not another figure */
  say(reason: string): Promise<boolean>;
  /** Nothing is waited for any more. */
  over(): Promise<void>;
}

/** @param note has the journal know what is waited for; null for nothing */
export function noting(note: (why: string | null) => Promise<void>, everyMs = NOTE_MS): Noting {
  let noted = "";
  let at = Number.NEGATIVE_INFINITY;
  return {
    async say(reason) {
      const isNews = gistOf(reason) !== gistOf(noted);
      const now = performance.now();
      if (isNews || (reason !== noted && now - at >= everyMs)) {
        await note(reason);
        [noted, at] = [reason, now];
      }
      return isNews;
    },
    async over() {
      if (noted === "") return;
      noted = "";
      await note(null);
    },
  };
}
