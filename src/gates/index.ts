import { isPassed } from "../model/gate.js";
import { accepted } from "./accept.js";
import { code } from "./code.js";
import { command } from "./command.js";
import { connected } from "./connected.js";
import { dependents } from "./dependents.js";
import { environments } from "./environments.js";
import { flag } from "./flag.js";
import { type Gate, type GateContext, type GateResult, unknown } from "./gate.js";
import { http } from "./http.js";
import { laterRelease } from "./later-release.js";
import { oldWriters } from "./old-writers.js";
import { prometheus } from "./prometheus.js";
import { replicas } from "./replicas.js";
import { park, soak } from "./soak.js";
import { sql } from "./sql.js";
import { unused } from "./unused.js";
import { verified } from "./verified.js";

/** A new gate is one file and one line here. The first four are always on. */
export const GATES: readonly Gate[] = Object.freeze([
  laterRelease,
  verified,
  dependents,
  replicas,
  soak,
  park,
  oldWriters,
  unused,
  connected,
  code,
  sql,
  http,
  prometheus,
  environments,
  command,
  flag,
]);

/** All gates of a stage. One that fails to tell is unknown, which counts as closed. */
export async function checkGates(context: GateContext): Promise<GateResult[]> {
  const results: GateResult[] = [];
  for (const gate of GATES) {
    const result = await checked(gate, context);
    if (result !== null) results.push(accepted(gate, result, context.accept));
  }
  return results;
}

async function checked(gate: Gate, context: GateContext): Promise<GateResult | null> {
  try {
    return await gate.check(context);
  } catch (error) {
    return unknown(gate.name, context.database.describe(error));
  }
}

/** Open, or accepted by a person. */
export const allOpen = (results: readonly GateResult[]): boolean => results.every(isPassed);
