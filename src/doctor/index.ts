import type { Diagnosis } from "../engines/examination.js";
import { ZmigrateError } from "../errors.js";
import type { Check, Patient } from "./check.js";
import { journal } from "./checks/journal.js";
import { pending } from "./checks/pending.js";
import { replicas } from "./checks/replicas.js";
import { server } from "./checks/server.js";
import { session } from "./checks/session.js";
import { statistics } from "./checks/statistics.js";
import { transactions } from "./checks/transactions.js";
import { writable } from "./checks/writable.js";

/** What a check has said. */
export interface Examined extends Diagnosis {
  readonly name: string;
}

/** What is looked at on every server, in the order in which it matters; the engine's own follow. A new check is one file and one line. */
export const CHECKS: readonly Check[] = Object.freeze([
  server,
  session,
  writable,
  journal,
  pending,
  replicas,
  transactions,
  statistics,
]);

/** What keeps a check from an answer is a problem by itself, in the server's words. */
async function told(name: string, patient: Patient, look: () => Promise<Diagnosis>): Promise<Examined> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    if (error instanceof ZmigrateError) return { name, health: "problem", found: error.message, way: error.help };
    if (patient.database.classify(error) === "permission")
      return {
        name,
        health: "advice",
        found: `this role may not look: ${patient.database.describe(error)}`,
        way: "Grant it what docs/roles.md says.",
      };
    return { name, health: "problem", found: patient.database.describe(error) };
  }
}

/**
 * Looks at everything that migrations need of a server, a role and a folder. Changes nothing.
 *
 * @example
 * const examined = await examine({ engine, database, session, migrations, ...settings });
 * const fit = examined.every(({ health }) => health !== "problem");
 */
export async function examine(patient: Patient): Promise<readonly Examined[]> {
  const examined: Examined[] = [];
  for (const { name, look } of CHECKS) examined.push(await told(name, patient, () => look(patient)));
  const { database, session: open } = patient;
  for (const { name, look } of database.checks)
    examined.push(await told(name, patient, () => look(open, database.server)));
  return examined;
}
