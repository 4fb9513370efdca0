import type { ReplicaIdentityStmt } from "libpg-query";
import type { DetailOf, OperationDetail } from "../../../../../model/operation-detail.js";
import { bodies, body, relationOf, strings } from "../../ast.js";
import { optionValue, roleName } from "../../def-elem.js";
import type { Command, CommandReader } from "./command.js";

type Option = DetailOf<"set-table-option">;
type Switch = DetailOf<"switch">;

/** Settings of a table by their name in PostgreSQL's grammar. */
export const TABLE_READERS: Readonly<Record<string, CommandReader>> = Object.freeze({
  AT_ChangeOwner: ({ command }: Command) => option("OWNER", roleName(command.newowner)),
  AT_ClusterOn: named("CLUSTER ON"),
  AT_DropCluster: named("CLUSTER ON"),
  AT_SetLogged: named("LOGGED"),
  AT_SetUnLogged: named("UNLOGGED"),
  AT_SetAccessMethod: named("ACCESS METHOD"),
  AT_SetTableSpace: named("TABLESPACE"),
  AT_SetRelOptions: (c: Command) => storageParameters(c, true),
  AT_ResetRelOptions: (c: Command) => storageParameters(c, false),
  AT_ReplicaIdentity: ({ command }: Command) => replicaIdentity(body(command.def, "ReplicaIdentityStmt")),
  AT_AddOf: ({ command }: Command) => option("OF", strings(body(command.def, "TypeName")?.names).join(".")),
  AT_DropOf: () => option("OF", null),
  AT_AddInherit: (c: Command) => inherit(c, true),
  AT_DropInherit: (c: Command) => inherit(c, false),
  AT_EnableRowSecurity: () => flip("row-security", true, null),
  AT_DisableRowSecurity: () => flip("row-security", false, null),
  AT_ForceRowSecurity: () => flip("force-row-security", true, null),
  AT_NoForceRowSecurity: () => flip("force-row-security", false, null),
  AT_EnableTrig: switched("trigger", true),
  AT_EnableAlwaysTrig: switched("trigger", true, { firing: "always" }),
  AT_EnableReplicaTrig: switched("trigger", true, { firing: "replica" }),
  AT_DisableTrig: switched("trigger", false),
  AT_EnableTrigAll: switched("trigger", true),
  AT_DisableTrigAll: switched("trigger", false),
  AT_EnableTrigUser: switched("trigger", true, { userOnly: true }),
  AT_DisableTrigUser: switched("trigger", false, { userOnly: true }),
  AT_EnableRule: switched("rule", true),
  AT_EnableAlwaysRule: switched("rule", true, { firing: "always" }),
  AT_EnableReplicaRule: switched("rule", true, { firing: "replica" }),
  AT_DisableRule: switched("rule", false),
});

function option(name: string, value: string | null): Option {
  return { kind: "set-table-option", option: name, value };
}

/** An option whose value is the command's name. */
function named(name: string): CommandReader {
  return ({ command }) => option(name, command.name ?? null);
}

function flip(what: Switch["what"], enabled: boolean, name: string | null): Switch {
  return { kind: "switch", what, enabled, name };
}

function switched(
  what: Switch["what"],
  enabled: boolean,
  how: Pick<Switch, "firing" | "userOnly"> = {},
): CommandReader {
  return ({ command }) => ({ ...flip(what, enabled, command.name ?? null), ...how });
}

/** `toast.autovacuum_enabled` keeps its prefix. A parameter without a value is true. */
function storageParameters({ command }: Command, set: boolean): readonly Option[] {
  return bodies(body(command.def, "List")?.items, "DefElem").map((o) => {
    const name = [o.defnamespace, o.defname].filter((part) => part !== undefined).join(".");
    return Object.freeze(option(name.toLowerCase(), set ? (optionValue(o) ?? "true") : null));
  });
}

const IDENTITIES: Readonly<Record<string, string>> = Object.freeze({ d: "DEFAULT", f: "FULL", n: "NOTHING" });

function replicaIdentity(identity: ReplicaIdentityStmt | null): OperationDetail | null {
  if (identity === null) return null;
  const value = IDENTITIES[identity.identity_type ?? ""] ?? `INDEX ${identity.name ?? ""}`;
  return option("REPLICA IDENTITY", value);
}

function inherit({ command }: Command, enabled: boolean): OperationDetail | null {
  const parent = body(command.def, "RangeVar");
  return parent === null ? null : { kind: "inherit", parent: relationOf(parent), enabled };
}
