import type { EngineName, Version } from "../engines/engine.js";
import type { Statement } from "../model/statement.js";

/** `/*!80013 ... *\/`, `/*M!101100 ... *\/`: a statement that nothing stands beside, and from which version on it runs. */
const WHOLE = /^\/\*M?!(\d{5,6})(?:(?!\*\/)[\s\S])*\*\/\s*;?\s*$/;

/** As those comments have it: 80036 for 8.0.36. Of a version without a patch release the last one is meant. */
const numbered = ({ parts: [major = 0, minor = 0, patch = 99] }: Version): number =>
  major * 10_000 + minor * 100 + patch;

/** What a server runs: it takes an executable comment of a newer version for a comment (MySQL, MariaDB). */
export function statementsRun(
  text: string,
  statements: readonly Statement[],
  engine: EngineName,
  server: Version,
): readonly Statement[] {
  if (engine === "postgres" || !/\/\*M?!\d{5}/.test(text)) return statements;
  const runs = ({ span }: Statement): boolean => {
    const from = WHOLE.exec(text.slice(span.start, span.end))?.[1];
    return from === undefined || numbered(server) >= Number(from);
  };
  return statements.filter(runs);
}
