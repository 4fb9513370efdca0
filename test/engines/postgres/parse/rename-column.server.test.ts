import { afterAll, beforeAll, expect, it } from "vitest";
import { quote } from "../../../../src/engines/postgres/names.js";
import {
  renameColumnInConstraint,
  renameColumnInExpression,
  renameColumnInIndex,
} from "../../../../src/engines/postgres/parse/columns.js";
import { loadParser } from "../../../../src/engines/postgres/parse/index.js";
import { describeServer, query, type TestDatabase } from "../../../servers/index.js";

beforeAll(loadParser);

/** A table that names its column %c% in every place that there is. */
const TABLE = `
CREATE TABLE %t% (id int PRIMARY KEY, "plain" text, %c% text NOT NULL, %n% int,
  g text GENERATED ALWAYS AS (lower(%c%) || '%l%') STORED,
  CONSTRAINT %t%_k1 CHECK (%c% <> '%l%' AND length(%c%) > 0 OR "plain" LIKE '%l%%'),
  CONSTRAINT %t%_k2 UNIQUE ("plain", %c%) INCLUDE (%n%),
  CONSTRAINT %t%_k3 UNIQUE (%c%),
  CONSTRAINT %t%_k4 EXCLUDE USING btree (%c% WITH =, "plain" WITH =) WHERE (%c% IS NOT NULL),
  CONSTRAINT %t%_k5 FOREIGN KEY (%c%) REFERENCES %t% (%c%) ON UPDATE CASCADE);
CREATE INDEX ON %t% (%c% COLLATE "C" text_pattern_ops DESC NULLS LAST) INCLUDE ("plain", id);
CREATE INDEX ON %t% (id) INCLUDE (%c%, "plain");
CREATE INDEX ON %t% (lower(%c%), upper("plain" || %c%), (%n% + 1)) WHERE %c% > '%l%' AND (%n% IS NULL);
CREATE INDEX ON %t% USING gin (to_tsvector('english'::regconfig, %c%));
CREATE INDEX ON %t% USING hash (%c%);
CREATE POLICY p ON %t% USING (%c% = current_user);`;

const DEFINITIONS = `
SELECT 'index' AS kind, indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index WHERE indrelid = '%t%'::regclass
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '%t%'::regclass
UNION ALL SELECT 'expression', 'g', pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = '%t%'::regclass
UNION ALL SELECT 'expression', polname, pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = '%t%'::regclass
ORDER BY 1, 2`;

const NAMES = ["lower", "select", "A b", `q"q`, "é漢", "plainer", "include", "text", "c".repeat(63), "User"];

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly definition: string;
}

const RENAME: Record<string, (text: string, from: string, to: string) => string> = {
  index: renameColumnInIndex,
  expression: renameColumnInExpression,
  // The foreign key points at its own table.
  constraint: (text, from, to) => renameColumnInConstraint(text, from, to, "both"),
};

const unquoted = (text: string) => text.replaceAll('"', "");

describeServer("postgres", (postgres) => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await postgres.createDatabase("rename_text");
  });
  afterAll(() => db?.drop());

  it.each(NAMES)("renames %s in every printed definition as the server itself does", async (name) => {
    const table = `t_${NAMES.indexOf(name)}`;
    const fill: Record<string, string> = {
      t: table,
      c: quote(name),
      n: quote(`${name.slice(0, 8)}2`),
      l: name.slice(0, 20),
    };
    await query(
      db.url,
      TABLE.replaceAll(/%([tcnl])%/g, (_, key: string) => fill[key] ?? ""),
    );
    const before = (await query(db.url, DEFINITIONS.replaceAll("%t%", table))) as unknown as Row[];
    await query(db.url, `ALTER TABLE ${table} RENAME COLUMN ${quote(name)} TO "new Name"`);
    const after = (await query(db.url, DEFINITIONS.replaceAll("%t%", table))) as unknown as Row[];
    const ours = before.map((r) => ({ ...r, definition: RENAME[r.kind]?.(r.definition, name, "new Name") ?? "" }));
    // We quote always, the server where it must.
    const shown = (rows: Row[]) => rows.map((r) => ({ ...r, definition: unquoted(r.definition) }));
    expect(before.length).toBeGreaterThan(13);
    expect(shown(ours)).toEqual(shown(after));
  });
});
