import { type ProofGroup, proofs, SHOP } from "./group.js";

export const DATA: readonly ProofGroup[] = [
  {
    name: "data",
    setup: `${SHOP}
CREATE TABLE plain (id int PRIMARY KEY, a int, b int);
INSERT INTO plain SELECT g, g, g FROM generate_series(1, 100) g;
CREATE TABLE other (id int, a int);
INSERT INTO other VALUES (1, 1);
`,
    proofs: proofs(`
B1 | UPDATE plain SET a = 0
B2,B9 | UPDATE plain SET a = b WHERE a > 0
B3 | DELETE FROM plain
B3 | DELETE FROM plain WHERE true
B4 | INSERT INTO plain SELECT id + 1000, a FROM other
B4,E8 | INSERT INTO plain VALUES (500, 1)
B4 | INSERT INTO plain VALUES (501, 1) ON CONFLICT DO NOTHING
B1 | UPDATE plain SET a = o.a FROM other o WHERE o.id = plain.id
B3 | DELETE FROM plain USING other o WHERE o.id = plain.id
B6 | UPDATE plain SET id = id + 1000
B1 | WITH x AS (UPDATE plain SET a = 0 RETURNING id) DELETE FROM other WHERE id IN (SELECT id FROM x)
X4 | SELECT * FROM plain FOR UPDATE
X4? | SELECT * FROM plain p JOIN other o USING (id) FOR SHARE OF p
X4 | EXPLAIN ANALYZE UPDATE plain SET a = 0
B4 | INSERT INTO c SELECT id, NULL FROM plain
X10 | DO $$ BEGIN UPDATE plain SET a = 0; END $$
X10 | DO $$ BEGIN ALTER TABLE plain ADD COLUMN n int; ALTER TABLE other ADD COLUMN n int UNIQUE; END $$
X10 | DO $$ BEGIN EXECUTE 'UPDATE plain SET a = 0'; END $$
X10? | DO $$ BEGIN EXECUTE format('UPDATE %I SET a = 0', 'plain'); END $$
`),
  },
  {
    name: "data on newer servers",
    since: 15,
    setup: `
CREATE TABLE plain (id int PRIMARY KEY, a int);
INSERT INTO plain SELECT g, g FROM generate_series(1, 100) g;
CREATE TABLE other (id int, a int);
INSERT INTO other VALUES (1, 1);
`,
    proofs: proofs(`
B4 | MERGE INTO plain p USING other o ON o.id = p.id WHEN MATCHED THEN UPDATE SET a = o.a WHEN NOT MATCHED THEN INSERT VALUES (o.id, o.a)
`),
  },
];
