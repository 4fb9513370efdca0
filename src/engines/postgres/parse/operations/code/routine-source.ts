import type { Span } from "../../../../../model/span.js";
import { dollarQuotes } from "../../../names.js";
import type { Token } from "../../library.js";
import { type Declared, declaredVariables } from "./declarations.js";
import type { Quoted } from "./quoted.js";
import type { RoutineText } from "./typed-routine.js";

/** A statement that holds a body: DO or CREATE FUNCTION. */
export interface Holder {
  readonly text: string;
  /** Where it begins in the file. */
  readonly start: number;
  readonly parameters: readonly Declared[];
}

/**
 * The text of a routine, in which types can be exchanged.
 *
 * @param literal where the body stands in the file, with its quotes
 * @param tokens the body's, without comments
 */
export function routineSource(holder: Holder, quoted: Quoted, literal: Span, tokens: readonly Token[]): RoutineText {
  const { text, start, at } =
    quoted.at === null ? inDollars(holder, quoted.text, literal) : { ...holder, at: quoted.at };
  const variables = declaredVariables(tokens).map(({ name, type }) => ({
    name,
    type: { start: at(type.start), end: at(type.end) },
  }));
  return {
    declared: [...holder.parameters, ...variables],
    typeOf: ({ type }) => text.slice(type.start - start, type.end - start),
    withTypes: (types) =>
      [...types]
        .toSorted(([a], [b]) => b.type.start - a.type.start)
        .reduce((all, [{ type }, to]) => all.slice(0, type.start - start) + to + all.slice(type.end - start), text),
  };
}

/** The same statement with its body in quotes that leave its characters as they are. Parameters stand in front of it. */
function inDollars({ text, start }: Holder, body: string, literal: Span) {
  const quotes = dollarQuotes(body);
  const behind = text.slice(literal.end - start);
  const plain = `${text.slice(0, literal.start - start)}${quotes}${body}${quotes}${behind}`;
  return { text: plain, start, at: (offset: number) => literal.start + quotes.length + offset };
}
