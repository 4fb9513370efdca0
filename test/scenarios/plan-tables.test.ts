import { describe, it } from "vitest";
import { describeServers } from "../servers/index.js";
import { BEFORE, dropped, renamed } from "./changes/tables.js";
import { back, forward } from "./support/phased.js";
import { suite } from "./support/suite.js";

describeServers(["postgres", "mysql", "mariadb"], (server) => {
  const s = suite();

  describe("a table that gets another name", () => {
    it("forward", () => forward(server, s, renamed(server.name)));
    it("back", () => back(server, s, renamed(server.name), BEFORE));
  });

  describe("tables that go", () => {
    it("forward", () => forward(server, s, dropped(server.name)));
    it("back", () => back(server, s, dropped(server.name), BEFORE));
  });
});
