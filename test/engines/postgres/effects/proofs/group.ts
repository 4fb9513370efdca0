/** A statement, and whether the model says exactly what it does. */
export interface Proof {
  /** Rows of the table of hazards that it proves: A1 is "add column, nullable". */
  readonly facts: readonly string[];
  readonly sql: string;
  /** False where the model cannot know, and says more than the server does: then it names what it assumed. */
  readonly exact: boolean;
}

/** Statements over one schema. */
export interface ProofGroup {
  readonly name: string;
  /** Makes the schema, on an empty database. */
  readonly setup: string;
  /** Set before the statement runs, and known to the model. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The first major version that takes these statements; 14 when absent. */
  readonly since?: number;
  readonly proofs: readonly Proof[];
}

/** Lines of `A1,A17 | ALTER TABLE ...`; `A1?` where the model says more. */
export function proofs(lines: string): readonly Proof[] {
  return lines
    .trim()
    .split("\n")
    .map((line) => {
      const [tags = "", ...sql] = line.split(" | ");
      return { facts: tags.replace("?", "").split(","), sql: sql.join(" | "), exact: !tags.endsWith("?") };
    });
}

/** Tables that most groups begin with. */
export const SHOP = `
CREATE TABLE p (id bigint PRIMARY KEY, z int);
INSERT INTO p SELECT g FROM generate_series(1, 50) g;
CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, pid bigint, u int UNIQUE, w text, x int, d timestamptz DEFAULT now());
INSERT INTO t SELECT g, g, 'x', 1, g, 'w', g FROM generate_series(1, 100) g;
CREATE INDEX tb ON t (b);
CREATE INDEX tl ON t (lower(b));
CREATE TABLE c (tid bigint CONSTRAINT c_fk REFERENCES t (id), tu int REFERENCES t (u), y int);
INSERT INTO c VALUES (1, 1);
`;
