import type { Operation } from "../../../../../model/operation.js";
import type { Span } from "../../../../../model/span.js";
import type { Cursor } from "../../cursor.js";
import { peek } from "../../cursor.js";
import { harmless, other } from "../../operations.js";
import { firstOf, matchAll } from "../../pattern/match.js";
import { PHRASES } from "./index.js";
import type { Phrase } from "./phrase.js";

/** The statement as the phrase that it is, with the cursor at its end; null when it is none of them. */
export function readPhrase(cursor: Cursor, span: Span): Operation | null {
  const start = cursor.index;
  for (const phrase of byFirstWord().get(peek(cursor).upper) ?? []) {
    if (phrase.dialect !== null && phrase.dialect !== cursor.dialect) continue;
    const captured = matchAll(cursor, phrase.pattern());
    if (captured === null) {
      cursor.index = start;
      continue;
    }
    const detail = phrase.detail(captured);
    if (phrase.harmless) return harmless(phrase.what, span, detail);
    return other(phrase.what, firstOf(captured, "relation")?.relation ?? null, span, detail);
  }
  return null;
}

let index: ReadonlyMap<string, readonly Phrase[]> | null = null;

function byFirstWord(): ReadonlyMap<string, readonly Phrase[]> {
  index ??= grouped();
  return index;
}

function grouped(): ReadonlyMap<string, readonly Phrase[]> {
  const groups = new Map<string, Phrase[]>();
  for (const phrase of PHRASES) {
    const group = groups.get(phrase.first) ?? [];
    group.push(phrase);
    groups.set(phrase.first, group);
  }
  return groups;
}
