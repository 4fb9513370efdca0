import { firstEnd, later, ranBefore, rolledOut } from "../journal/rolled-out.js";
import { closed, type Gate, open, unknown } from "./gate.js";

/** Contract never runs in the release that expanded, nor before that was rolled out, nor the drop in the release that swapped. */
export const laterRelease: Gate = {
  name: "later-release",
  always: true,
  async check({ release, record, stage, releases, withoutFile }) {
    const before = stage === "swap" ? record.expandRelease : record.swapRelease;
    const did = stage === "swap" ? "expanded" : "swapped";
    if (release === null) return closed("later-release", "this run names no release; pass --release");
    if (before === null)
      return unknown(
        "later-release",
        `the run that ${did} named no release; the next \`zmigrate apply\` with --release counts as that one`,
      );
    if (before === release)
      return closed("later-release", `release ${release} itself ${did}; the next release may go on`);
    // Code of an earlier release is back, or about to be, and knows nothing of what the expansion is for.
    const doneAt = stage === "swap" ? record.expandedAt : record.swappedAt;
    if (ranBefore(release, doneAt, releases))
      return closed(
        "later-release",
        `release ${release} has run before release ${before} ${did}, so it is not a later one, as when the application goes back to it; a deploy with a name that no run has had yet goes on`,
      );
    // It has waited for the other one, or another try of it has: it cannot know of a rollout that came behind that.
    const rolledOutAt = firstEnd(before, later(doneAt, releases.without.get(record.id)?.at), releases);
    if (rolledOutAt !== null && ranBefore(release, rolledOutAt, releases))
      return closed(
        "later-release",
        `a run of release ${before} was still at work when release ${release} was first run, so what ${did} was not rolled out then; when it runs everywhere, a deploy with a name that no run has had yet goes on`,
      );
    // What runs when a column is dropped has done without it since the swap, whichever release that is.
    if (stage === "swap" && !rolledOut(before, record.expandedAt, releases))
      return closed(
        "later-release",
        `release ${before} expanded, and its last run has not ended with 0 and everything backfilled, so it was not rolled out; release ${release} counts in its place when a run of it ends so`,
      );
    // The old name goes with the swap: whose folder has no file of the rename may be code that came before it.
    if (stage === "swap" && withoutFile === true)
      return unknown(
        "later-release",
        `${record.file} is not in this folder, so release ${release} may have been written before it, as when the application goes back: \`zmigrate rollback ${record.id}\` takes the migration back then`,
      );
    // It was rolled out, and not since.
    if (stage === "swap" && rolledOutAt === null)
      return closed(
        "later-release",
        `a run had not ${record.file} in its folder since release ${before} expanded, so code from before it may be running; release ${release} counts in its place when a run of it ends with 0 and everything backfilled`,
      );
    return open("later-release", `${did} by release ${before}, now ${release}`);
  },
};
