import type { Span } from "../../../../../model/span.js";

/** A record with every span in it moved: what was read from a piece of text, as places in the file. */
export function moveSpans<T>(value: T, move: (span: Span) => Span): T {
  if (typeof value !== "object" || value === null) return value;
  if (isSpan(value)) return Object.freeze(move(value)) as T & Span;
  if (Array.isArray(value)) return Object.freeze(value.map((v) => moveSpans(v, move))) as T & readonly unknown[];
  const entries = Object.entries(value).map(([key, child]) => [key, moveSpans(child as unknown, move)]);
  return Object.freeze(Object.fromEntries(entries)) as T;
}

function isSpan(value: object): value is Span {
  const { start, end } = value as Partial<Span>;
  return typeof start === "number" && typeof end === "number" && Object.keys(value).length === 2;
}
