/** One line of the table that DESIGN's speed goals are compared with. */
export interface Row {
  readonly what: string;
  /** What it is compared with. */
  readonly peer: string;
  /** Ours by the peer's; null when the peer is absent. */
  readonly ratio: number | null;
  /** The greatest ratio that is good. */
  readonly limit: number;
  /** Null when the peer is absent: that is not a win. */
  readonly ok: boolean | null;
  /** Milliseconds, for people. */
  readonly ms: { readonly ours: number; readonly peer: number | null };
}

/** Compares two times in milliseconds. */
export function row(what: string, peer: string, ours: number, theirs: number | null, limit: number): Row {
  const ratio = theirs === null ? null : round(ours / theirs, 3);
  const ms = { ours: round(ours, 1), peer: theirs === null ? null : round(theirs, 1) };
  return { what, peer, ratio, limit, ok: ratio === null ? null : ratio <= limit, ms };
}

const round = (n: number, digits: number): number => Number(n.toFixed(digits));

/** A table for people. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, peer, ratio, limit, ok, ms }) => [
    what,
    peer,
    `${ms.ours} ms`,
    ms.peer === null ? "absent" : `${ms.peer} ms`,
    ratio === null ? "-" : ratio.toFixed(2),
    `<= ${limit}`,
    ok === null ? "not compared" : ok ? "ok" : "MISSED",
  ]);
  const all = [["what", "peer", "ours", "peer's", "ratio", "limit", ""], ...cells];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((cell) => cell[column]?.length ?? 0)));
  return `${all
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")}\n`;
}
