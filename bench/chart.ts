/** A reading: seconds since the beginning, and milliseconds. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

export interface Readings {
  readonly lag: readonly Point[];
  readonly took: readonly Point[];
  /** When the backfill ran, seconds. */
  readonly from: number;
  readonly to: number;
}

const [WIDTH, HEIGHT, LEFT, TOP, GAP] = [860, 170, 70, 40, 60] as const;

/** The greatest value of each second, or its 99th percentile. */
function bySecond(points: readonly Point[], share: number): Point[] {
  const seconds = new Map<number, Point[]>();
  for (const p of points) seconds.set(Math.floor(p.at), [...(seconds.get(Math.floor(p.at)) ?? []), p]);
  return [...seconds].map(([at, of]) => {
    const sorted = of.map((p) => p.value).sort((a, b) => a - b);
    return { at: at + 0.5, value: sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0 };
  });
}

function panel(
  title: string,
  points: readonly Point[],
  {
    top,
    end,
    max,
    marks,
    from,
    to,
  }: { top: number; end: number; max: number; marks: readonly number[]; from: number; to: number },
): string {
  const x = (at: number) => (LEFT + (at / end) * WIDTH).toFixed(1);
  const y = (value: number) => (top + HEIGHT - (Math.min(value, max) / max) * HEIGHT).toFixed(1);
  const line = points.map((p) => `${x(p.at)},${y(p.value)}`).join(" ");
  const label = (ms: number) => (max >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`);
  const marked = marks.map(
    (m) => `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y(m)}" y2="${y(m)}" stroke="#c33" stroke-dasharray="4 4"/>
<text x="${LEFT - 6}" y="${Number(y(m)) + 4}" text-anchor="end">${label(m)}</text>`,
  );
  return `<text x="${LEFT}" y="${top - 8}" font-weight="bold">${title}</text>
<rect x="${x(from)}" y="${top}" width="${(Number(x(to)) - Number(x(from))).toFixed(1)}" height="${HEIGHT}" fill="#dbe9ff"/>
<rect x="${LEFT}" y="${top}" width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#888"/>
${marked.join("\n")}
<text x="${LEFT - 6}" y="${top + HEIGHT + 4}" text-anchor="end">0</text>
<polyline points="${line}" fill="none" stroke="#135" stroke-width="1.5"/>`;
}

/** The lag of the replica and the p99 of the writes, second by second, as SVG; the backfill's time is shaded. */
export function chart({ lag, took, from, to }: Readings): string {
  const lags = bySecond(lag, 1);
  const writes = bySecond(took, 0.99);
  const end = Math.ceil(Math.max(...lags.map((p) => p.at), ...writes.map((p) => p.at)));
  const slowest = Math.max(10, ...writes.map((p) => p.value));
  const below = TOP + HEIGHT + GAP;
  const seconds = Array.from({ length: 11 }, (_, n) => Math.round((n * end) / 10));
  const height = below + HEIGHT + 40;
  const axis = seconds.map(
    (s) => `<text x="${LEFT + (s / end) * WIDTH}" y="${below + HEIGHT + 18}" text-anchor="middle">${s} s</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 20} ${height}" font-family="sans-serif" font-size="12">
<title>A backfill beside writes: the lag of the replica, and the p99 of the writes</title>
<rect width="100%" height="100%" fill="#fff"/>
${panel("Lag of the replica: the greatest of each second (the backfill's time is shaded)", lags, { top: TOP, end, max: 2_500, marks: [1_000, 2_000], from, to })}
${panel("Writes of the application: p99 of each second", writes, { top: below, end, max: slowest, marks: [Math.round(slowest)], from, to })}
${axis.join("\n")}
</svg>
`;
}
