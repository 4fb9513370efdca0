import { it } from "vitest";
import { describeServers } from "../servers/index.js";
import { change as changeOf } from "./changes/mysql-indexes.js";
import { back, forward } from "./support/phased.js";
import { suite } from "./support/suite.js";

describeServers(["mysql", "mariadb"], (server) => {
  const s = suite();
  const change = changeOf(server.name);

  it("takes, renames, hides and replaces indexes when nobody needs them any more", () => forward(server, s, change));
  it("gives them back at once", () => back(server, s, change));
});
