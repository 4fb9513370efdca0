import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "./database.js";
import { type Latencies, latenciesOf } from "./latency.js";
import { generatedEmail } from "./users.js";

/** Which code a client is: what it calls the column, and which of the generated rows it writes. */
export interface ClientKind {
  readonly tag: "old" | "new";
  readonly column: "user_email" | "email_address";
  /** It changes generated rows with ids 2 n + 1 + parity only, so that each row has one writer who knows its value. */
  readonly parity: 0 | 1;
}

/** The code that runs before the migration, and the code that comes with it. */
export const CLIENTS: Readonly<Record<ClientKind["tag"], ClientKind>> = Object.freeze({
  old: Object.freeze({ tag: "old", column: "user_email", parity: 0 }),
  new: Object.freeze({ tag: "new", column: "email_address", parity: 1 }),
});

/** What a client did since it was last asked. */
export interface ClientWindow extends Latencies {
  /** Statements that the server refused, and reads that gave something else than what was written. */
  readonly failed: number;
  /** Some of them. */
  readonly failures: readonly string[];
}

/** One client: how it stands, shared by its lanes. */
export interface ClientState {
  readonly kind: ClientKind;
  /** Generated rows, with ids from 1. */
  readonly rows: number;
  readonly lanes: number;
  /** A turn of a lane begins this long after the one before, milliseconds; later when that one is not done yet. */
  readonly everyMs: number;
  /** Addresses by id, from statements that succeeded. */
  readonly written: Map<number, string>;
  /** Also reads generated rows that it never wrote: new code can, once the backfill is done. */
  readsAll: boolean;
  going: boolean;
  latencies: number[];
  failures: string[];
}

/** @example const state = newClient({ kind: CLIENTS.old, rows: 1000, lanes: 4, everyMs: 80, readsAll: true }); */
export function newClient(options: Pick<ClientState, "kind" | "rows" | "lanes" | "everyMs" | "readsAll">): ClientState {
  return { ...options, written: new Map(), going: true, latencies: [], failures: [] };
}

/** Hands over what was done since the last call, and begins anew. */
export function takeWindow(state: ClientState): ClientWindow {
  const { latencies, failures } = state;
  state.latencies = [];
  state.failures = [];
  return Object.freeze({ ...latenciesOf(latencies), failed: failures.length, failures: failures.slice(0, 5) });
}

/** Runs statements on one connection, a turn after the other, until the state says stop. Never throws. */
export async function runLane(state: ClientState, lane: number, db: Queryable): Promise<void> {
  for (let turn = 0; state.going; turn += 1) {
    const began = performance.now();
    await oneTurn(state, lane, turn, db);
    await sleep(Math.max(0, state.everyMs - (performance.now() - began)));
  }
}

/** A sign-up, two changes of address and two reads. */
async function oneTurn(state: ClientState, lane: number, turn: number, db: Queryable): Promise<void> {
  const { kind, written } = state;
  const email = `${kind.tag}.${lane}.${turn}@example.org`;
  const [created] = await timed(state, db, `INSERT INTO users (name, ${kind.column}) VALUES ($1, $2) RETURNING id`, [
    `${kind.tag} ${lane} ${turn}`,
    email,
  ]);
  const id = Number(created?.id);
  if (created !== undefined) written.set(id, email);
  if (created !== undefined) await change(state, db, id, `changed.${email}`);
  const victim = generatedId(state, lane);
  await change(state, db, victim, `moved.${email}`);
  await readBack(state, db, victim);
  await readBack(state, db, state.readsAll ? generatedId(state, lane) : id);
}

/** A generated row of this lane, by chance: no other lane writes it, so what it wrote is what it must read. */
function generatedId({ kind, rows, lanes }: ClientState, lane: number): number {
  const slots = Math.floor(rows / 2 / lanes);
  const n = Math.floor(Math.random() * slots) * lanes + lane;
  return 2 * n + 1 + kind.parity;
}

async function change(state: ClientState, db: Queryable, id: number, email: string): Promise<void> {
  const sql = `UPDATE users SET ${state.kind.column} = $1 WHERE id = $2 RETURNING id`;
  const [changed] = await timed(state, db, sql, [email, id]);
  if (changed !== undefined) state.written.set(id, email);
}

async function readBack(state: ClientState, db: Queryable, id: number): Promise<void> {
  const { kind, failures, written } = state;
  const before = failures.length;
  const [row] = await timed(state, db, `SELECT ${kind.column} AS email FROM users WHERE id = $1`, [id]);
  const expected = written.get(id) ?? generatedEmail(id);
  const refused = failures.length > before;
  if (!refused && row?.email !== expected)
    state.failures.push(`read ${String(row?.email)} in user ${id} where ${expected} was written`);
}

/** One statement with its duration. One that fails is remembered and gives no rows. */
async function timed(state: ClientState, db: Queryable, sql: string, params: readonly unknown[]) {
  const began = performance.now();
  try {
    return (await db.query(sql, params)).rows;
  } catch (error) {
    state.failures.push(`${sql}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  } finally {
    state.latencies.push(performance.now() - began);
  }
}
