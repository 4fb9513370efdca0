/** What a row counts. */
export type Unit = "ms" | "MB" | "cases";

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
  readonly unit: Unit;
  /** What was measured, for people. */
  readonly measured: { readonly ours: number; readonly peer: number | null };
}

/** Compares two times in milliseconds, two amounts of memory, or two counts. A count of the peer's that is 0 counts as 1: ours may not be more. */
export function row(
  what: string,
  peer: string,
  ours: number,
  theirs: number | null,
  limit: number,
  unit: Unit = "ms",
): Row {
  const digits = unit === "cases" ? 0 : 1;
  const ratio = theirs === null ? null : round(ours / (unit === "cases" ? Math.max(theirs, 1) : theirs), 3);
  const measured = { ours: round(ours, digits), peer: theirs === null ? null : round(theirs, digits) };
  return { what, peer, ratio, limit, ok: ratio === null ? null : ratio <= limit, unit, measured };
}

const round = (n: number, digits: number): number => Number(n.toFixed(digits));

/** A table for people. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, peer, ratio, limit, ok, unit, measured }) => [
    what,
    peer,
    amount(measured.ours, unit),
    measured.peer === null ? "absent" : amount(measured.peer, unit),
    ratio === null ? "-" : ratio.toFixed(2),
    `<= ${Number(limit.toFixed(2))}`,
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

const amount = (n: number, unit: Unit): string => (unit === "cases" ? String(n) : `${n} ${unit}`);
