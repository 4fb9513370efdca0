import { closed, type Gate, open, unknown } from "./gate.js";

/** Contract never runs in the release that expanded, nor the drop in the release that swapped. */
export const laterRelease: Gate = {
  name: "later-release",
  async check({ release, record, stage }) {
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
    return open("later-release", `${did} by release ${before}, now ${release}`);
  },
};
