import { expect } from "vitest";
import type { TestDatabase, TestServer } from "../../servers/index.js";
import { type CliResult, type CliRun, type Project, project } from "./cli.js";
import { createUsers, FILE, RENAME } from "./users.js";

/** A project with a rename to run, and its database; `plain` is a second database without our doing. */
export interface Scene {
  readonly db: TestDatabase;
  readonly project: Project;
  end(): Promise<void>;
}

/** Small batches, so that there are many moments between them. */
export const SMALL_BATCHES = `-- zmigrate:batch rows=50 target=2ms\n${RENAME}`;

/** A database with `rows` users and a folder with the rename. */
export async function renameScene(server: TestServer, rows: number, sql: string = SMALL_BATCHES): Promise<Scene> {
  const db = await server.createDatabase("scene");
  await createUsers(db.url, rows);
  const p = project(db.url);
  const made = await p.run("init", "--engine", server.name);
  expect(made, made.stderr).toMatchObject({ code: 0 });
  p.write(FILE, sql);
  return {
    db,
    project: p,
    async end() {
      p.remove();
      await db.drop();
    },
  };
}

/** The command must have succeeded; else its messages are in the failure. */
export async function works(result: Promise<CliResult>): Promise<CliResult> {
  const { code, stdout, stderr } = await result;
  expect(code, `${stdout.slice(-3000)}\n${stderr}`).toBe(0);
  return { code, stdout, stderr };
}

/** kill -9, and waits until the process is gone. */
export async function killHard(run: CliRun): Promise<void> {
  run.kill("SIGKILL");
  await run.result;
}
