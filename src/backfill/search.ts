/** Looks for the rows of a batch that are refused. */
export interface Search {
  /** How many rows to try next. */
  rows(): number;
  /** The next so many were refused: one of them is bad. */
  refused(rows: number): void;
  /** The next so many were taken. */
  taken(rows: number): void;
  /** The next row was refused by itself, and passed over. */
  passed(): void;
}

/**
 * Halves the rows of which one is bad until it is found; then tries half of what lay between the last two, and twice as many each time that
 * they are taken.
 *
 * @param rows of which one is bad
 */
export function searchAmong(rows: number): Search {
  let among = rows;
  let size = 1;
  let between = 0;
  return {
    rows: () => (among > 0 ? Math.max(1, Math.floor(among / 2)) : size),
    refused(refused) {
      among = refused;
    },
    taken(taken) {
      between += taken;
      // A bad row may be mended, or deleted, meanwhile.
      if (among > 0) among = Math.max(0, among - taken);
      else size *= 2;
    },
    passed() {
      size = Math.max(1, Math.floor(between / 2));
      [among, between] = [0, 0];
    },
  };
}
