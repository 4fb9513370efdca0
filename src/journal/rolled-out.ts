/**
 * Whether a release has been named before something was done: its code is not a later one, whatever runs follow.
 *
 * @param since when it was done; null where that is not known
 * @param seen when a run of each release was first noted
 */
export const ranBefore = (release: string, since: Date | null, seen: ReadonlyMap<string, Date>): boolean => {
  const first = seen.get(release);
  return first !== undefined && (since === null || first < since);
};

/** The later of two moments; null where neither is known. */
export const later = (one: Date | null, other: Date | null | undefined): Date | null =>
  other == null || (one !== null && one >= other) ? one : other;

/**
 * May code of a release run? It is rolled out when its run has ended with 0, and that run has seen what is asked about.
 *
 * @param since when a run of the release did it; null where that is not known
 * @param ended when a run of each release last ended with 0
 */
export const rolledOut = (release: string, since: Date | null, ended: ReadonlyMap<string, Date>): boolean => {
  const at = ended.get(release);
  return at !== undefined && (since === null || at >= since);
};
