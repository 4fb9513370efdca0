import type { Opaque } from "../../../../../model/detail/data.js";
import { type Captured, firstOf } from "../../pattern/match.js";
import { type Phrase, phrase } from "./phrase.js";

/** Calls, and text that is run as SQL. */
export const OPAQUE: readonly Phrase[] = [
  opaque("call", "CALL <relation=name> [( [<expression>...] )]", "call"),
  opaque("prepare", "PREPARE <name=name> FROM {<string>|<variable>|<mariadb> <expression>}", "prepared"),
  opaque("execute", "EXECUTE <name=name> [USING {<mysql> <variable>...|<mariadb> <expression>...}]", "prepared"),
  phrase("execute", "EXECUTE IMMEDIATE <expression> [USING <expression>...]", () => detail([], "prepared"), {
    dialect: "mariadb",
  }),
  opaque("deallocate-prepare", "DEALLOCATE PREPARE <name=name>", "prepared"),
  opaque("deallocate-prepare", "DROP PREPARE <name=name>", "prepared"),
];

function opaque(what: string, text: string, how: Opaque["how"]): Phrase {
  return phrase(what, text, (captured) => detail(captured, how));
}

function detail(captured: readonly Captured[], how: Opaque["how"]): Opaque {
  return { kind: "opaque", how, name: firstOf(captured, "name")?.text ?? null };
}
