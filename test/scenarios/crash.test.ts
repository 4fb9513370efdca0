import { expect, it } from "vitest";
import type { RunEvent } from "../../src/model/event.js";
import { describeServers, query, type TestServer } from "../servers/index.js";
import { fixedChance } from "./support/chance.js";
import type { CliResult, Project } from "./support/cli.js";
import { killedAtEach } from "./support/killed.js";
import { killHard, works } from "./support/scene.js";
import { schemaOf } from "./support/schema.js";
import { suite } from "./support/suite.js";
import { createUsers, RENAME, userClient, type Written, wrongRows } from "./support/users.js";

const ROWS = 4_000;
const TIMEOUT_MS = 120_000;

type Boundary = "step-started" | "step-done";

/** MySQL and MariaDB share the strategy and its steps: one is killed as each begins, the other as each has ended. */
const BOUNDARIES: Readonly<Record<TestServer["name"], readonly Boundary[]>> = {
  postgres: ["step-started", "step-done"],
  mysql: ["step-started"],
  mariadb: ["step-done"],
};

/** Runs `apply` until it ends by itself; each time it tells a step boundary that no run has told yet, it is killed. */
async function crashAtEach(boundaries: readonly Boundary[], p: Project, seen: Set<string>, ...args: string[]) {
  const isNew = (e: RunEvent) => {
    if (e.event !== "step-started" && e.event !== "step-done") return false;
    const boundary = `${e.event} ${e.step}`;
    const fresh = !seen.has(boundary);
    seen.add(boundary);
    return fresh && boundaries.includes(e.event);
  };
  // A quick step may have run before the signal arrived.
  const killed = ({ stdout }: CliResult) => {
    for (const [, step] of stdout.matchAll(/"event":"step-started".*?"step":"([^"]+)"/g))
      seen.add(`step-started ${step}`);
  };
  await killedAtEach(() => p.start("apply", "--json", ...args), isNew, killed);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describeServers(
  ["postgres", "mysql", "mariadb"],
  (server) => {
    const { scene, client } = suite();

    it(
      "ends where plain SQL ends when apply is killed at every step boundary while old and new code write",
      async () => {
        const { db, project: p } = await scene(server, ROWS);
        const written: Written = new Map();
        const seen = new Set<string>();
        const crash = (...args: string[]) => crashAtEach(BOUNDARIES[server.name], p, seen, ...args);
        const old = await client(db.url, userClient("user_email", "old", ROWS, written));
        await crash("--release", "r1", "--phase", "expand");
        const fresh = await client(db.url, userClient("email_address", "new", ROWS, written));
        await crash("--release", "r1");
        const oldReport = await old.stop();
        await crash("--contract", "--release", "r2");
        await crash("--contract", "--release", "r3", "--park", "0");
        const newReport = await fresh.stop();

        expect([...oldReport.failures, ...newReport.failures]).toEqual([]);
        expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
        expect(await schemaOf(db.url, "users")).toEqual(await renamedSchema(server));
        const report = await works(p.run("status", "--json"));
        const { migrations } = JSON.parse(report.stdout) as {
          migrations: { status: string; steps: { id: string }[] }[];
        };
        expect(migrations.map((m) => m.status)).toEqual(["contracted"]);
        for (const step of migrations[0]?.steps ?? []) expect(seen).toContain(`step-started ${step.id}`);
      },
      TIMEOUT_MS,
    );

    it.skipIf(server.name === "mysql")(
      "loses and repeats nothing when apply is killed at random moments of the backfill",
      async () => {
        const { db, project: p } = await scene(server, ROWS);
        const written: Written = new Map();
        const old = await client(db.url, userClient("user_email", "old", ROWS, written));
        await works(p.run("apply", "--release", "r1", "--phase", "expand"));
        const fresh = await client(db.url, userClient("email_address", "new", ROWS, written));
        const chance = fixedChance(20_260_101);
        let killed = 0;
        for (let round = 0; round < 5; round += 1) {
          const run = p.start("apply", "--json", "--release", "r1", "--phase", "backfill");
          let batches = 1 + Math.floor(chance() * 6);
          if (await run.told((e) => e.event === "batch" && --batches <= 0)) killed += 1;
          await pause(chance() * 8);
          await killHard(run);
        }
        expect(killed).toBeGreaterThan(2);
        await works(p.run("apply", "--release", "r1"));
        const reports = [await old.stop(), await fresh.stop()];
        expect(reports.flatMap((r) => r.failures)).toEqual([]);
        expect(await wrongRows(db.url, "user_email", ROWS, written)).toEqual([]);
        expect(await wrongRows(db.url, "email_address", ROWS, written)).toEqual([]);
      },
      TIMEOUT_MS,
    );

    it.skipIf(server.name === "mariadb")(
      "begins again after being killed while it makes its journal and its plan",
      async () => {
        const { db, project: p } = await scene(server, ROWS);
        const chance = fixedChance(7);
        for (let round = 0; round < 5; round += 1) {
          const run = p.start("apply", "--json", "--release", "r1", "--phase", "expand");
          await Promise.race([run.result, run.told((e) => e.event === "step-started"), pause(250 + chance() * 500)]);
          await killHard(run);
        }
        await works(p.run("apply", "--release", "r1"));
        expect(await wrongRows(db.url, "email_address", ROWS, new Map())).toEqual([]);
      },
      TIMEOUT_MS,
    );
  },
  { replica: true },
);

/** The schema after the statement as it is written. */
async function renamedSchema(server: TestServer): Promise<string[]> {
  const plain = await server.createDatabase("plain");
  try {
    await createUsers(plain.url, 1);
    await query(plain.url, RENAME);
    return await schemaOf(plain.url, "users");
  } finally {
    await plain.drop();
  }
}
