import { type ProofGroup, proofs } from "./group.js";

const COLUMNS = `
CREATE EXTENSION citext;
CREATE TYPE en AS ENUM ('a', 'b');
CREATE TYPE en2 AS ENUM ('a', 'b');
CREATE DOMAIN plain AS text;
CREATE DOMAIN plain_int AS int;
CREATE DOMAIN over_plain AS plain;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN over_positive AS positive;
CREATE DOMAIN short AS varchar(5);
CREATE TABLE t (
  v10 varchar(10), v varchar, tx text, ci citext, ch char(5), n10 numeric(10, 2), n numeric, vb8 varbit(8), vb varbit, bt8 bit(8),
  cid cidr, ine inet, i2 smallint, i4 int, i8 bigint, f4 real, f8 double precision, ts timestamp, ts3 timestamp(3), tz timestamptz,
  tz3 timestamptz(3), tm time, tm3 time(3), tmz3 timetz(3), iv interval, iv3 interval(3), js json, jb jsonb, uu uuid, e en, pl plain,
  po positive, sh short, xm xml, av10 varchar(10)[], ai4 int[], da date, bo boolean, oi oid, by bytea, na name, sp int, u int UNIQUE, op over_plain);
INSERT INTO t SELECT '1', '1', '1', '1', '1', 1, 1, B'00000001', B'1', B'00000001', '10.0.0.0/8', '10.0.0.1', 1, 1, 1, 1, 1, now(), now(), now(),
  now(), '10:00', '10:00', '10:00', '1 day', '1 day', '1', '1', gen_random_uuid(), 'a', 'x', 1, 'x', '<a/>', '{a}', '{1}', now(), true, 1, 'a', 'a', 1, g, 'x'
  FROM generate_series(1, 100) g;
`;

/** What does not rewrite, and what does, each on a column of its own type. */
const CHANGES = `
T2 | ALTER TABLE t ALTER v10 TYPE varchar(20)
T2 | ALTER TABLE t ALTER COLUMN v10 SET DATA TYPE varchar
T2 | ALTER TABLE t ALTER v10 TYPE text
T2 | ALTER TABLE t ALTER v10 TYPE varchar(10)
T2 | ALTER TABLE t ALTER v10 TYPE text USING v10
T2 | ALTER TABLE t ALTER v TYPE text
T2 | ALTER TABLE t ALTER tx TYPE varchar
T2 | ALTER TABLE t ALTER tx TYPE text
T2 | ALTER TABLE t ALTER tx TYPE citext
T2 | ALTER TABLE t ALTER v10 TYPE citext
T2 | ALTER TABLE t ALTER ci TYPE text
T2 | ALTER TABLE t ALTER n10 TYPE numeric(12, 2)
T2 | ALTER TABLE t ALTER n10 TYPE numeric
T2 | ALTER TABLE t ALTER n10 TYPE decimal(10, 2)
T2 | ALTER TABLE t ALTER vb8 TYPE varbit(16)
T2 | ALTER TABLE t ALTER vb8 TYPE bit varying
T2 | ALTER TABLE t ALTER bt8 TYPE varbit
T2 | ALTER TABLE t ALTER bt8 TYPE varbit(8)
T2 | ALTER TABLE t ALTER bt8 TYPE varbit(16)
T2 | ALTER TABLE t ALTER cid TYPE inet
T2 | ALTER TABLE t ALTER tm3 TYPE time(5)
T2 | ALTER TABLE t ALTER tm3 TYPE time
T2 | ALTER TABLE t ALTER tm TYPE time(6)
T2 | ALTER TABLE t ALTER tmz3 TYPE timetz
T2 | ALTER TABLE t ALTER ts3 TYPE timestamp(4)
T2 | ALTER TABLE t ALTER ts3 TYPE timestamp
T2 | ALTER TABLE t ALTER ts TYPE timestamp(6)
T2 | ALTER TABLE t ALTER tz3 TYPE timestamptz(5)
T2 | ALTER TABLE t ALTER tz3 TYPE timestamp(6) with time zone
T2 | ALTER TABLE t ALTER iv3 TYPE interval(5)
T2 | ALTER TABLE t ALTER iv3 TYPE interval
T2 | ALTER TABLE t ALTER iv TYPE interval(6)
T2 | ALTER TABLE t ALTER i4 TYPE int4
T2 | ALTER TABLE t ALTER i4 TYPE integer USING i4
T2 | ALTER TABLE t ALTER i4 TYPE pg_catalog.int4
T2 | ALTER TABLE t ALTER i4 TYPE int USING "i4"
T2 | ALTER TABLE t ALTER i4 TYPE int USING t.i4
T2 | ALTER TABLE t ALTER i4 TYPE oid
T2 | ALTER TABLE t ALTER oi TYPE int
T2 | ALTER TABLE t ALTER xm TYPE text
T2 | ALTER TABLE t ALTER xm TYPE varchar
T2 | ALTER TABLE t ALTER pl TYPE text
T2 | ALTER TABLE t ALTER tx TYPE plain
T2 | ALTER TABLE t ALTER i4 TYPE plain_int
T2 | ALTER TABLE t ALTER v TYPE plain
T2 | ALTER TABLE t ALTER op TYPE text
T2 | ALTER TABLE t ALTER op TYPE plain
T2 | ALTER TABLE t ALTER tx TYPE over_plain
T2 | ALTER TABLE t ALTER po TYPE int
T2 | ALTER TABLE t ALTER sh TYPE varchar(5)
T2 | ALTER TABLE t ALTER sh TYPE text
T2 | ALTER TABLE t ALTER tx TYPE text USING tx::text
T2 | ALTER TABLE t ALTER v10 TYPE text USING v10::text
T2 | ALTER TABLE t ALTER v10 TYPE text USING CAST(v10 AS text)
T2 | ALTER TABLE t ALTER v10 TYPE text USING (v10)
T2 | ALTER TABLE t ALTER av10 TYPE varchar(20)[]
T2 | ALTER TABLE t ALTER av10 TYPE text[]
T2 | ALTER TABLE t ALTER av10 TYPE varchar[]
T2 | ALTER TABLE t ALTER ai4 TYPE int[]
T1 | ALTER TABLE t ALTER ai4 TYPE bigint[]
T1 | ALTER TABLE t ALTER av10 TYPE varchar(5)[]
T1 | ALTER TABLE t ALTER i4 TYPE positive
T1 | ALTER TABLE t ALTER po TYPE over_positive
T1 | ALTER TABLE t ALTER i4 TYPE over_positive
T1 | ALTER TABLE t ALTER tx TYPE short
T1,T10 | ALTER TABLE t ALTER i4 TYPE bigint
T1 | ALTER TABLE t ALTER i2 TYPE int
T1,T8 | ALTER TABLE t ALTER i8 TYPE int
T1 | ALTER TABLE t ALTER i4 TYPE numeric
T1 | ALTER TABLE t ALTER tx TYPE varchar(30)
T1,T8 | ALTER TABLE t ALTER v10 TYPE varchar(5)
T1 | ALTER TABLE t ALTER v TYPE varchar(5)
T1,T8 | ALTER TABLE t ALTER n10 TYPE numeric(8, 2)
T1 | ALTER TABLE t ALTER n10 TYPE numeric(12, 4)
T1 | ALTER TABLE t ALTER n TYPE numeric(10, 2)
T1 | ALTER TABLE t ALTER ch TYPE char(8)
T1 | ALTER TABLE t ALTER ch TYPE char(3)
T1 | ALTER TABLE t ALTER ch TYPE text
T1 | ALTER TABLE t ALTER ch TYPE varchar(5)
T1 | ALTER TABLE t ALTER tx TYPE char(8)
T1 | ALTER TABLE t ALTER js TYPE jsonb
T1 | ALTER TABLE t ALTER jb TYPE json
T1 | ALTER TABLE t ALTER jb TYPE text
T1 | ALTER TABLE t ALTER js TYPE text
T1 | ALTER TABLE t ALTER f4 TYPE double precision
T1 | ALTER TABLE t ALTER f8 TYPE float4
T1 | ALTER TABLE t ALTER uu TYPE text
T1 | ALTER TABLE t ALTER e TYPE text
T1 | ALTER TABLE t ALTER e TYPE en2 USING e::text::en2
T1 | ALTER TABLE t ALTER e TYPE text USING e::text
T1 | ALTER TABLE t ALTER ts TYPE timestamp(3)
T1 | ALTER TABLE t ALTER tz TYPE timestamptz(3)
T1 | ALTER TABLE t ALTER tm TYPE time(3)
T1 | ALTER TABLE t ALTER iv TYPE interval(3)
T1 | ALTER TABLE t ALTER iv TYPE interval day to second
T1 | ALTER TABLE t ALTER iv TYPE interval year
T1 | ALTER TABLE t ALTER ts TYPE date
T1 | ALTER TABLE t ALTER da TYPE timestamp
T1 | ALTER TABLE t ALTER ine TYPE cidr
T1 | ALTER TABLE t ALTER ine TYPE text
T1 | ALTER TABLE t ALTER vb8 TYPE varbit(4)
T1 | ALTER TABLE t ALTER vb TYPE varbit(8)
T1 | ALTER TABLE t ALTER bt8 TYPE bit(8)
T1 | ALTER TABLE t ALTER i4 TYPE text
T1 | ALTER TABLE t ALTER tx TYPE int USING tx::int
T1 | ALTER TABLE t ALTER tx TYPE text USING lower(tx)
T1 | ALTER TABLE t ALTER tx TYPE text USING v10
T1 | ALTER TABLE t ALTER na TYPE text
T1 | ALTER TABLE t ALTER tx TYPE name
T1 | ALTER TABLE t ALTER by TYPE text
T1 | ALTER TABLE t ALTER bo TYPE text
T1 | ALTER TABLE t ALTER u TYPE bigint
T7 | ALTER TABLE t ALTER tx TYPE text COLLATE "C"
T7 | ALTER TABLE t ALTER v10 TYPE varchar(20) COLLATE "C"
`;

const ZONED = `
T5 | ALTER TABLE t ALTER ts TYPE timestamptz
T5 | ALTER TABLE t ALTER tz TYPE timestamp
T5 | ALTER TABLE t ALTER ts3 TYPE timestamptz
T5 | ALTER TABLE t ALTER ts3 TYPE timestamptz(3)
T5 | ALTER TABLE t ALTER ts TYPE timestamptz(3)
T6 | ALTER TABLE t ALTER ts TYPE timestamptz USING ts AT TIME ZONE 'UTC'
`;

const indexed = (column: string) => `CREATE INDEX ON t (${column});`;
const INDEXED = "v10 v tx ci n10 vb8 bt8 cid i4 ts ts3 tz3 tm3 iv3 pl oi av10".split(" ");

export const TYPES: readonly ProofGroup[] = [
  { name: "type changes", setup: COLUMNS, proofs: proofs(CHANGES) },
  { name: "type changes in UTC", setup: COLUMNS, settings: { timezone: "UTC" }, proofs: proofs(ZONED) },
  {
    name: "type changes in another time zone",
    setup: COLUMNS,
    settings: { timezone: "Europe/Berlin" },
    proofs: proofs(ZONED),
  },
  {
    name: "type changes under an index",
    setup: COLUMNS + INDEXED.map(indexed).join("\n"),
    settings: { timezone: "UTC" },
    proofs: proofs(`
T2 | ALTER TABLE t ALTER v10 TYPE varchar(20)
T2 | ALTER TABLE t ALTER v10 TYPE text
T2 | ALTER TABLE t ALTER v TYPE text
T2 | ALTER TABLE t ALTER tx TYPE varchar
T2 | ALTER TABLE t ALTER tx TYPE citext
T2 | ALTER TABLE t ALTER v10 TYPE citext
T2 | ALTER TABLE t ALTER ci TYPE text
T2 | ALTER TABLE t ALTER n10 TYPE numeric(12, 2)
T2 | ALTER TABLE t ALTER n10 TYPE numeric
T2 | ALTER TABLE t ALTER vb8 TYPE varbit(16)
T2 | ALTER TABLE t ALTER bt8 TYPE varbit
T2 | ALTER TABLE t ALTER cid TYPE inet
T2 | ALTER TABLE t ALTER ts3 TYPE timestamp
T2 | ALTER TABLE t ALTER tz3 TYPE timestamptz(5)
T2 | ALTER TABLE t ALTER tm3 TYPE time
T2 | ALTER TABLE t ALTER iv3 TYPE interval
T2,T5 | ALTER TABLE t ALTER ts TYPE timestamptz
T2 | ALTER TABLE t ALTER pl TYPE text
T2 | ALTER TABLE t ALTER tx TYPE plain
T2 | ALTER TABLE t ALTER i4 TYPE int
T2 | ALTER TABLE t ALTER i4 TYPE oid
T2 | ALTER TABLE t ALTER i4 TYPE plain_int
T2 | ALTER TABLE t ALTER av10 TYPE text[]
T1 | ALTER TABLE t ALTER i4 TYPE bigint
T7 | ALTER TABLE t ALTER tx TYPE text COLLATE "C"
T7 | ALTER TABLE t ALTER tx TYPE varchar COLLATE "C"
`),
  },
  {
    name: "type changes under what names the column",
    setup: `
CREATE TABLE p (code varchar(10) PRIMARY KEY, n int UNIQUE, q varchar(10));
INSERT INTO p SELECT g, g FROM generate_series(1, 50) g;
CREATE TABLE t (code varchar(10) REFERENCES p (code), ck varchar(10) CHECK (length(ck) < 5), nn varchar(10) CHECK (nn IS NOT NULL),
  ex varchar(10), pr varchar(10), vw varchar(10), ge varchar(10), g text GENERATED ALWAYS AS (ge || 'x') STORED,
  st varchar(10), tr varchar(10), po varchar(10), fr int REFERENCES p (n), de int DEFAULT 5, xx varchar(10), nv varchar(10));
INSERT INTO t SELECT 1, '1', '1', '1', '1', '1', '1' FROM generate_series(1, 100);
ALTER TABLE t ADD CONSTRAINT nv_check CHECK (length(nv) > 0) NOT VALID;
CREATE INDEX ON t (lower(ex));
CREATE INDEX ON t (de) WHERE pr = 'x';
CREATE INDEX ON t (xx) INCLUDE (tr);
CREATE VIEW v AS SELECT vw FROM t;
CREATE STATISTICS s ON st, de FROM t;
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER trg BEFORE UPDATE OF tr ON t FOR EACH ROW WHEN (NEW.tr <> '') EXECUTE FUNCTION f();
CREATE POLICY pol ON t USING (po = 'x');
CREATE TABLE part (k varchar(10), v varchar(10)) PARTITION BY LIST (k);
CREATE TABLE part1 PARTITION OF part FOR VALUES IN ('a');
INSERT INTO part VALUES ('a', '1');
`,
    proofs: proofs(`
T3 | ALTER TABLE t ALTER ck TYPE varchar(20)
T3 | ALTER TABLE t ALTER ck TYPE text
T3 | ALTER TABLE t ALTER ck TYPE varchar(10)
T3 | ALTER TABLE t ALTER nn TYPE text
T3 | ALTER TABLE t ALTER nv TYPE text
T3 | ALTER TABLE t ALTER ex TYPE varchar(20)
T3 | ALTER TABLE t ALTER ex TYPE text
T3 | ALTER TABLE t ALTER pr TYPE text
T3 | ALTER TABLE t ALTER pr TYPE varchar(20)
T3 | ALTER TABLE t ALTER xx TYPE text
T3 | ALTER TABLE t ALTER code TYPE varchar(20)
T3 | ALTER TABLE p ALTER code TYPE text
T3,T10 | ALTER TABLE p ALTER n TYPE bigint
T3,T10 | ALTER TABLE t ALTER fr TYPE bigint
X6 | ALTER TABLE t ALTER nn TYPE text, ALTER xx TYPE text
X6 | ALTER TABLE t ALTER de TYPE bigint, ALTER xx TYPE text
T2 | ALTER TABLE p ALTER q TYPE text
T4 | ALTER TABLE t ALTER vw TYPE text
T4 | ALTER TABLE t ALTER ge TYPE text
T4 | ALTER TABLE t ALTER tr TYPE text
T4 | ALTER TABLE t ALTER po TYPE text
T2 | ALTER TABLE t ALTER st TYPE text
T1 | ALTER TABLE t ALTER de TYPE bigint
T4 | ALTER TABLE part ALTER k TYPE text
T2 | ALTER TABLE part ALTER v TYPE text
T1 | ALTER TABLE part ALTER v TYPE int USING v::int
T4 | ALTER TABLE part1 ALTER v TYPE text
`),
  },
  {
    name: "column settings",
    setup: `
CREATE TABLE t (a int, c text, g int GENERATED ALWAYS AS (a + 1) STORED, gi int GENERATED ALWAYS AS (a + 1) STORED);
INSERT INTO t SELECT g FROM generate_series(1, 100) g;
CREATE INDEX ON t (gi);
`,
    proofs: proofs(`
T9 | ALTER TABLE t ALTER g DROP EXPRESSION
T11 | ALTER TABLE t ALTER c SET STORAGE EXTERNAL
T11 | ALTER TABLE t ALTER c SET COMPRESSION pglz
T11 | ALTER TABLE t ALTER c SET STATISTICS 500
T11 | ALTER TABLE t ALTER c SET (n_distinct = 5)
T11 | ALTER TABLE t ALTER c RESET (n_distinct)
`),
  },
  {
    name: "column settings of newer servers",
    since: 18,
    setup: `
CREATE TABLE t (a int, g int GENERATED ALWAYS AS (a + 1) STORED, v int GENERATED ALWAYS AS (a + 1) VIRTUAL,
  gc int GENERATED ALWAYS AS (a + 1) STORED CHECK (gc > 0));
INSERT INTO t SELECT g FROM generate_series(1, 100) g;
CREATE TABLE v (a int, v int GENERATED ALWAYS AS (a + 1) VIRTUAL, n int GENERATED ALWAYS AS (a + 1) VIRTUAL NOT NULL);
INSERT INTO v SELECT g FROM generate_series(1, 100) g;
`,
    proofs: proofs(`
T9 | ALTER TABLE t ALTER g SET EXPRESSION AS (a + 2)
T9 | ALTER TABLE t ALTER gc SET EXPRESSION AS (a + 2)
T9 | ALTER TABLE t ALTER v SET EXPRESSION AS (a + 2)
T9 | ALTER TABLE v ALTER v SET EXPRESSION AS (a + 2)
T9 | ALTER TABLE v ALTER n SET EXPRESSION AS (a + 2)
T9 | ALTER TABLE t ALTER v DROP EXPRESSION
`),
  },
];
