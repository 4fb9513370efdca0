import type { Place } from "../files/place.js";
import type { Finding } from "../model/finding.js";
import { inputFinding } from "./finding.js";
import { placeText, type Unread } from "./unread.js";

/** Something that was not read, and where. */
export interface UnreadPlace extends Unread {
  readonly place: Place;
}

/** More places than these are counted. */
const SHOWN = 3;

/** What is said once of a history of which something was not read: where, and what follows of it. Null where all was read. */
export function unreadHistory(unread: readonly UnreadPlace[]): Finding | null {
  const told = unread.filter(({ isContained }) => !isContained);
  const [first, ...others] = told;
  if (first === undefined) return null;
  const { place, problem } = first;
  const shown = others.slice(0, SHOWN).map((one) => placeText(one.place, one.problem));
  const more = others.length > SHOWN ? ` and ${others.length - SHOWN} more` : "";
  const also = shown.length === 0 ? "" : ` So it is with ${shown.join(", ")}${more}.`;
  const left = told.some(({ words }) => words === null)
    ? "what was there before is taken for unknown"
    : "the tables that it names are taken for unknown, and of the others it is assumed that it changed nothing";
  const message = `This earlier migration was not read here (${problem.message}), so what it does is not known: ${left}.${also}`;
  return inputFinding(place, problem.span, "unread-history", message);
}
