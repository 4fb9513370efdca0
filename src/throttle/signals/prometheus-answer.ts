/** As the HTTP API has it; all of it may be missing in what another server says. */
interface Told {
  readonly status?: string;
  readonly error?: string;
  /** Prometheus and Thanos: the data are not all there is, or not what was asked for. */
  readonly warnings?: unknown;
  /** VictoriaMetrics. */
  readonly isPartial?: unknown;
  readonly data?: { readonly resultType?: string; readonly result?: unknown };
}

function parse(body: string): Told {
  try {
    const told: unknown = JSON.parse(body);
    return typeof told === "object" && told !== null ? told : {};
  } catch {
    return {};
  }
}

/** `Number()` takes an empty text for 0. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** The value of a moment, as the API writes it (`+Inf` too); NaN for anything else. */
export function numberOf(pair: unknown): number {
  const text: unknown = Array.isArray(pair) ? pair[1] : null;
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  return typeof text === "string" && NUMBER.test(text) ? Number(text) : Number.NaN;
}

/** The moment of a value, seconds; NaN for anything else. */
export function momentOf(pair: unknown): number {
  const at: unknown = Array.isArray(pair) ? pair[0] : null;
  return typeof at === "number" ? at : Number.NaN;
}

/** What a Prometheus has found, or why there is nothing: as what follows its name. */
export function dataIn(status: number, body: string): NonNullable<Told["data"]> | string {
  const { status: told, error, data, warnings, isPartial } = parse(body);
  if (told === "error" && error !== undefined) return `refuses the query: ${error}`;
  if (status !== 200 || told !== "success") return `answers ${status}, and not as Prometheus does`;
  if (Array.isArray(warnings) && warnings.length > 0) return `warns of its answer: ${String(warnings[0])}`;
  if (isPartial === true) return "says that its answer is a part of what there is";
  return data ?? {};
}

/** The only series of a result, or why there is not one. */
export function onlySeries(result: readonly unknown[]): object | string {
  const [series, ...others] = result;
  if (typeof series !== "object" || series === null) return "has no data for the query";
  if (others.length > 0) return `has ${others.length + 1} series for the query: aggregate them, as with max(...)`;
  return series;
}
