import { ZmigrateError } from "../../../errors.js";
import type { RelationName } from "../../../model/name.js";
import type { Step } from "../../../model/step.js";
import type { ServerInfo, Session } from "../../engine.js";
import { quote, quoteRelation } from "../names.js";

const WORD = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const POINTED_AT = new RegExp(String.raw`\bREFERENCES\s+(${WORD}(?:\s*\.\s*${WORD})?)`, "giu");
const SUBJECT = new RegExp(
  String.raw`\b(?:TABLE|ON|PARTITION|INHERIT)\s+(?:IF EXISTS\s+)?(?:ONLY\s+)?(${WORD}(?:\s*\.\s*${WORD})?)`,
  "giu",
);

const namesIn = (step: Step, pattern: RegExp): string[] =>
  step.sql.flatMap((sql) => [...sql.matchAll(pattern)].flatMap((match) => match[1] ?? []));

interface Answer {
  readonly pointedAt: boolean;
  readonly subject: boolean;
  readonly family: boolean;
  readonly mayPoint: boolean;
}

const ASK = `
  SELECT r.oid = ANY (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest($2::text[]) n) AS "pointedAt",
         r.oid = ANY (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest($3::text[]) n) AS subject,
         EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE r.oid IN (i.inhrelid, i.inhparent)) AS family,
         pg_catalog.has_table_privilege(r.oid, 'REFERENCES') OR pg_catalog.has_any_column_privilege(r.oid, 'REFERENCES')
           AS "mayPoint"
  FROM pg_catalog.pg_class r
  WHERE r.oid = pg_catalog.to_regclass($1) AND (
    r.oid = ANY (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest($2::text[]) n)
    OR EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.contype = 'f' AND c.confrelid = r.oid
                  AND c.conrelid = ANY (SELECT pg_catalog.to_regclass(n) FROM pg_catalog.unnest($4::text[]) n)))`;

/** What the step does to the table as one that a foreign key points at; null where it does more than that. */
async function asked(session: Session, step: Step, relation: RelationName): Promise<Answer | null> {
  const name = quoteRelation(relation);
  const others = step.locks.map((l) => quoteRelation(l.relation)).filter((other) => other !== name);
  if (others.length === 0) return null;
  const given = [name, namesIn(step, POINTED_AT), namesIn(step, SUBJECT), others];
  const [answer] = await session.query<Answer>(ASK, given);
  return answer === undefined || answer.subject || answer.family ? null : answer;
}

/**
 * Whether the steps lock a table only because a foreign key of another one points at it. That asks for REFERENCES on it,
 * or on columns of it, to add the key, and for nothing to validate, rename or drop it (measured): never for its owner.
 *
 * @throws ZmigrateError missing-privilege
 */
export async function onlyPointedAt(
  session: Session,
  server: ServerInfo,
  steps: readonly Step[],
  relation: RelationName,
): Promise<boolean> {
  const name = quoteRelation(relation);
  const locking = steps.filter((s) => s.locks.some((l) => quoteRelation(l.relation) === name));
  for (const step of locking) {
    const answer = await asked(session, step, relation);
    if (answer === null) return false;
    if (!answer.pointedAt || answer.mayPoint) continue;
    throw new ZmigrateError("missing-privilege", {
      user: server.user,
      privilege: "let a foreign key point at the table",
      object: name,
      grant: `GRANT REFERENCES ON ${name} TO ${quote(server.user)}`,
    });
  }
  return locking.length > 0;
}
