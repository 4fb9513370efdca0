import { readFileSync } from "node:fs";

/** One operation, and how versions of MySQL that no test can start carry it out, as their manuals say. */
export interface Row {
  readonly operation: string;
  /** By version: `I/N` INSTANT, `P/N` in place, `R/S` rebuilt while writers wait, `C/S` copied; `-` not there; empty: not said. */
  readonly said: Readonly<Record<string, string>>;
}

/** The rows of operations.tsv. */
export const ROWS: readonly Row[] = readRows();

function readRows(): Row[] {
  const text = readFileSync(new URL("./operations.tsv", import.meta.url), "utf8");
  const [head = [], ...lines] = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  return lines.map((cells) => ({
    operation: cells[0] ?? "",
    said: Object.fromEntries([1, 2, 3].map((n) => [(head[n] ?? "").replace("mysql ", ""), cells[n] ?? ""])),
  }));
}
