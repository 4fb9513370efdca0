import { expect, it } from "vitest";
import { engineFor } from "../../../../src/config/engine.js";
import { describeServer } from "../../../servers/index.js";

describeServer("postgres", (server) => {
  it("asks one statement after the other, so that the driver has nothing to warn of", async () => {
    const warnings: string[] = [];
    const warn = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
    process.on("warning", warn);
    const options = { connectTimeoutMs: 5_000, applicationName: "test" };
    const database = await (await engineFor("postgres")).connect(server.url, options);
    const session = await database.open();
    const asked = ["SELECT 1 AS n", "SELECT nonsense", "SELECT 3 AS n"].map((sql) => session.query(sql));
    const answers = await Promise.allSettled(asked);
    expect(answers).toMatchObject([{ value: [{ n: 1 }] }, { status: "rejected" }, { value: [{ n: 3 }] }]);
    await session.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });
});
