import type { Releases } from "./releases.js";

/**
 * Whether a release has been named before something was done: its code is not a later one, whatever runs follow.
 *
 * @param since when it was done; null where that is not known
 */
export const ranBefore = (release: string, since: Date | null, { seen }: Releases): boolean => {
  const first = seen.get(release);
  return first !== undefined && (since === null || first < since);
};

/** The later of two moments; null where neither is known. */
export const later = (one: Date | null, other: Date | null | undefined): Date | null =>
  other == null || (one !== null && one >= other) ? one : other;

/** When a run of a release first ended with 0 since a moment; null where none has. */
export const firstEnd = (release: string, since: Date | null, { ends }: Releases): Date | null =>
  ends.get(release)?.find((at) => since === null || at >= since) ?? null;

/**
 * May code of a release run? It is rolled out when its run has ended with 0, and that run has seen what is asked about.
 *
 * @param since when a run of the release did it; null where that is not known
 */
export const rolledOut = (release: string, since: Date | null, { ended }: Releases): boolean => {
  const at = ended.get(release);
  return at !== undefined && (since === null || at >= since);
};
