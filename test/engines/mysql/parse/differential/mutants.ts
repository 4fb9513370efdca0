import fc from "fast-check";
import { type MysqlDialect, tokenize } from "../../../../../src/engines/mysql/parse/index.js";
import { knownTo } from "../statements/index.js";

/** A token with the space in front of it. */
type Piece = readonly [gap: string, text: string];

/** One change of a statement: where, which, and the word that takes the place of another one. */
type Change = "drop" | "double" | "swap" | "exchange";

/** Statements that a server may take or not: real ones with a token left out, doubled, swapped or exchanged. */
export function mutants(dialect: MysqlDialect, changes: readonly Change[], count: number): readonly string[] {
  const bodies = knownTo(dialect)
    .filter(([, sql]) => !/\/\*M?!/.test(sql))
    .map(([, sql]) => piecesOf(sql, dialect));
  const words = [...new Set(bodies.flat().map(([, text]) => text))];
  const one = fc
    .tuple(fc.constantFrom(...bodies), fc.nat(), fc.constantFrom(...changes), fc.constantFrom(...words))
    .map(([body, at, change, word]) => textOf(changed(body, at % body.length, change, word)));
  const made = fc.sample(one, { numRuns: count, seed: 20_26 });
  // What holds a semicolon may have become two statements.
  return [...new Set(made)].filter((sql) => sql !== "" && !sql.includes(";"));
}

function piecesOf(sql: string, dialect: MysqlDialect): readonly Piece[] {
  let end = 0;
  return tokenize(sql, dialect).tokens.map(({ text, span }) => {
    const gap = sql.slice(end, span.start);
    end = span.end;
    return [gap, text] as const;
  });
}

function changed(body: readonly Piece[], at: number, change: Change, word: string): readonly Piece[] {
  const [gap = "", text = ""] = body[at] ?? [];
  switch (change) {
    case "drop":
      return body.toSpliced(at, 1);
    case "double":
      return body.toSpliced(at, 0, [gap, text], [" ", text]).toSpliced(at + 2, 1);
    case "exchange":
      return body.toSpliced(at, 1, [" ", word]);
    case "swap": {
      const after = body[at + 1];
      return after === undefined ? body : body.toSpliced(at, 2, [gap, after[1]], [" ", text]);
    }
  }
}

function textOf(pieces: readonly Piece[]): string {
  return pieces
    .map(([gap, text]) => gap + text)
    .join("")
    .trim();
}
