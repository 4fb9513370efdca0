import { it } from "vitest";
import { describeServers } from "../servers/index.js";
import { FILLED, KEYED, LOOSENED } from "./changes/modify.js";
import { back, forward } from "./support/phased.js";
import { suite } from "./support/suite.js";

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();

  it("gives NULLs of old writers a value on the way to NOT NULL and a key", () => forward(server, s, KEYED));
  it("takes NOT NULL with a fill back", () =>
    back(server, s, {
      ...FILLED,
      migration: FILLED.migration.replace(/(?:ALTER TABLE orders MODIFY (?:found|kind)|UPDATE).*\n/g, ""),
      untouched: "id % 2 = 0 AND id <= 1000",
    }));
  it("makes a column nullable beside old code", () => forward(server, s, LOOSENED));
  it("takes a nullable column back", () => back(server, s, LOOSENED));
});
