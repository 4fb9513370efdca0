import type { Bench } from "./database.js";

/**
 * A file that the server itself wrote, where it reads files: its path as a literal, for LOAD DATA.
 *
 * @param name apart from other files of the same database
 * @param rows a query: its columns stand with tabs between them
 */
export async function fileOf(bench: Bench, name: string, rows: string): Promise<string> {
  const folder = "SELECT IF(@@secure_file_priv > '', @@secure_file_priv, @@datadir) AS folder";
  const [row] = await bench.session().query<{ folder: string }>(folder);
  const file = `'${row?.folder ?? ""}/${bench.test().name}_${name}.tsv'`;
  await bench.sql(`${rows} INTO OUTFILE ${file}`);
  return file;
}
