import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Row, row } from "./row.js";
import { type Case, truthOf } from "./verdicts/case.js";
import { POSTGRES_CASES, SCHEMA } from "./verdicts/cases/postgres/index.js";
import { findMigrationpilot } from "./verdicts/peers/migrationpilot.js";
import type { Alarm, Peer } from "./verdicts/peers/peer.js";
import { findPgfence } from "./verdicts/peers/pgfence.js";
import { findSquawk } from "./verdicts/peers/squawk.js";
import { ourselves } from "./verdicts/peers/zmigrate.js";
import { type Score, score } from "./verdicts/score.js";

/** Each with the name that it has where it is absent. */
const PEERS: readonly (readonly [name: string, find: () => Peer | null])[] = [
  ["squawk", findSquawk],
  ["pgfence", findPgfence],
  ["migrationpilot", findMigrationpilot],
];

const counts = { safe: countOf("safe"), dangerous: countOf("dangerous") };
const FALSE_ALARMS = `false alarms on ${counts.safe} safe migrations`;
const SILENCES = `silences on ${counts.dangerous} dangerous migrations`;

/**
 * Asks every linter about the same PostgreSQL migrations, whose truth was measured (test/bench/verdicts measures it anew),
 * and counts where each is wrong: first without its advice, then with it.
 */
export function benchVerdicts(): readonly Row[] {
  const folder = mkdtempSync(join(tmpdir(), "zmigrate-verdicts-"));
  try {
    const files = write(folder);
    const ours = asked(ourselves(), files);
    return PEERS.flatMap(([name, find]) => {
      const peer = find();
      return peer === null ? absent(name, ours) : compared(peer.name, ours, asked(peer, files));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Said = ReadonlyMap<string, readonly Alarm[]>;

/** Each case is a folder of its own, with the schema as the migration before it: nothing is known of the others. */
function write(folder: string): ReadonlyMap<string, string> {
  return new Map(
    POSTGRES_CASES.map(({ id, sql }) => {
      mkdirSync(join(folder, id));
      writeFileSync(join(folder, id, "20260101000000_schema.sql"), SCHEMA);
      const file = join(folder, id, "20260102000000_case.sql");
      writeFileSync(file, `${sql}\n`);
      return [id, file];
    }),
  );
}

const asked = (peer: Peer, files: ReadonlyMap<string, string>): Said =>
  new Map([...files].map(([id, file]) => [id, peer.alarms(file)]));

function compared(name: string, ours: Said, theirs: Said): readonly Row[] {
  return [
    ...rows(name, score(POSTGRES_CASES, ours, false), score(POSTGRES_CASES, theirs, false)),
    ...rows(`${name} with its advice`, score(POSTGRES_CASES, ours, false), score(POSTGRES_CASES, theirs, true)),
  ];
}

const absent = (name: string, ours: Said): readonly Row[] =>
  rows(`${name} (absent)`, score(POSTGRES_CASES, ours, false), null);

function rows(peer: string, ours: Score, theirs: Score | null): readonly Row[] {
  const of = (what: string, key: keyof Score) =>
    row(what, peer, ours[key].length, theirs?.[key].length ?? null, 0, "cases");
  return [of(FALSE_ALARMS, "falseAlarms"), of(SILENCES, "silences")];
}

function countOf(truth: ReturnType<typeof truthOf>): number {
  return POSTGRES_CASES.filter((given: Case) => truthOf(given) === truth).length;
}
