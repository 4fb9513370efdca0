/** Table locks as pg_locks calls them, the weakest first. */
const MODES = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];

/** What each waits for while another holds it: the manual's table of conflicts. */
export const CONFLICTS = Object.freeze({
  AccessShareLock: MODES.slice(7),
  RowShareLock: MODES.slice(6),
  RowExclusiveLock: MODES.slice(4),
  ShareUpdateExclusiveLock: MODES.slice(3),
  ShareLock: MODES.slice(2).filter((held) => held !== "ShareLock"),
  ShareRowExclusiveLock: MODES.slice(2),
  ExclusiveLock: MODES.slice(1),
  AccessExclusiveLock: MODES,
});
