import { once } from "node:events";
import { rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CONNECT_TIMEOUT_MS } from "../../src/commands/database.js";
import { describeServers } from "../servers/index.js";
import { bareScene } from "./support/bare.js";
import { works } from "./support/scene.js";
import { suite } from "./support/suite.js";

const FIRST = "20260101000000";
const SECOND = "20260102000000";

// MySQL and MariaDB share all of it: other scenarios take the other one.
describeServers(["postgres", "mariadb"], (server) => {
  const fixtures = suite();

  it("ends when the phase is done, and with 4 when that takes too long", async () => {
    const { project: p } = await bareScene(server, fixtures, ["CREATE TABLE t (id int PRIMARY KEY, a int)"], {
      first: "ALTER TABLE t RENAME COLUMN a TO b;\n",
      second: "ALTER TABLE t ADD COLUMN c int;\n",
    });
    const early = await p.run("wait", "--timeout", "0");
    expect(early).toMatchObject({ code: 4, stdout: "" });
    expect(early.stderr).toContain(`migration ${FIRST} has not begun: its expand is not done.`);
    const waiting = p.start("wait", "--timeout", "60s");
    await works(p.run("apply", "--release", "1"));
    const { code, stdout, stderr } = await waiting.result;
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `Up to ${SECOND}: expand is done.\n` });
    await works(p.run("wait", "--phase", "backfill", "--timeout", "0"));
    const contract = await p.run("wait", "--phase", "contract", "--to", FIRST, "--timeout", "1s");
    expect(contract).toMatchObject({ code: 4, stderr: expect.stringContaining(`${FIRST} is backfilled`) });
    // An image of the application need not have the folder.
    rmSync(join(p.folder, "migrations"), { recursive: true });
    await works(p.run("wait", "--to", FIRST, "--timeout", "0"));
    expect(await p.run("wait", "--timeout", "0")).toMatchObject({ code: 2 });
    expect(await p.run("wait", "--phase", "swap", "--to", FIRST)).toMatchObject({ code: 2 });
    expect(await p.run("wait", "--to", FIRST, "--timeout", "60")).toMatchObject({ code: 2 });
  }, 60_000);

  it("waits for a server that is not there yet, and says so without its password", async () => {
    const { project: p, url } = await bareScene(server, fixtures, [], {
      first: "CREATE TABLE t (id int PRIMARY KEY);\n",
    });
    const away = new URL(url);
    [away.port, away.password] = ["1", "secret"];
    const gone = await p.run("wait", "--timeout", "1s", "--database-url", String(away));
    expect(gone.code).toBe(4);
    expect(gone.stderr).toContain("Trying again.");
    expect(gone.stderr).toContain("After 1s no server answers: Cannot connect to");
    expect(gone.stderr).not.toContain("secret");
  }, 60_000);

  it("does not wait for a server that is silent for longer than it may", async () => {
    const { project: p } = await bareScene(server, fixtures, [], { first: "CREATE TABLE t (id int PRIMARY KEY);\n" });
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    fixtures.after(async () => void silent.close());
    await once(silent, "listening");
    const at = new URL(server.url);
    at.port = String((silent.address() as AddressInfo).port);
    const started = performance.now();
    expect(await p.run("wait", "--timeout", "1s", "--database-url", String(at))).toMatchObject({ code: 4 });
    expect(performance.now() - started).toBeLessThan(CONNECT_TIMEOUT_MS);
  });

  it("does not wait for another password or database: a server that answers is there", async () => {
    const { project: p, url } = await bareScene(server, fixtures, [], {
      first: "CREATE TABLE t (id int PRIMARY KEY);\n",
    });
    const wrong = { password: "wrong-s3cret", pathname: "/no_such_database" };
    for (const [part, value] of Object.entries(wrong)) {
      const other = Object.assign(new URL(url), { [part]: value });
      const refused = await p.run("wait", "--timeout", "60s", "--database-url", String(other));
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining("Cannot connect to") });
      expect(refused.stderr).not.toContain("Trying again.");
      expect(refused.stderr).not.toContain("s3cret");
    }
  }, 60_000);
});
