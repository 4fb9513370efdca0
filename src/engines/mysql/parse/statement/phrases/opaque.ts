import type { Opaque } from "../../../../../model/detail/data.js";
import { type Captured, firstOf, textsOf } from "../../pattern/match.js";
import { variableName } from "../../text-value.js";
import { type Phrase, phrase } from "./phrase.js";

/** Calls, and text that is run as SQL. */
export const OPAQUE: readonly Phrase[] = [
  opaque("call", "CALL <relation=name> [( [<expression=passed>...] )]", "call"),
  prepare("PREPARE <name=name> FROM <string=text>"),
  prepare("PREPARE <name=name> FROM <variable=variable>"),
  prepare("PREPARE <name=name> FROM <mariadb> <expression>"),
  opaque("execute", "EXECUTE <name=name> [USING {<mysql> <variable>...|<mariadb> <expression>...}]", "prepared"),
  phrase("execute", "EXECUTE IMMEDIATE <string=text>", (captured) => detail(captured, "prepared"), {
    dialect: "mariadb",
  }),
  phrase("execute", "EXECUTE IMMEDIATE <expression> [USING <expression>...]", () => detail([], "prepared"), {
    dialect: "mariadb",
  }),
  deallocate("DEALLOCATE PREPARE <name=name>"),
  deallocate("DROP PREPARE <name=name>"),
];

function opaque(what: string, text: string, how: Opaque["how"]): Phrase {
  return phrase(what, text, (captured) => detail(captured, how));
}

/** The text is read, and does nothing yet. */
function prepare(text: string): Phrase {
  return phrase("prepare", text, (captured) => detail(captured, "prepared"), { harmless: true });
}

function deallocate(text: string): Phrase {
  return phrase("deallocate-prepare", text, (captured) => detail(captured, "prepared"), { harmless: true });
}

function detail(captured: readonly Captured[], how: Opaque["how"]): Opaque {
  const name = firstOf(captured, "name")?.text ?? null;
  const text = firstOf(captured, "text")?.text;
  const variable = firstOf(captured, "variable")?.text;
  const passed = textsOf(captured, "passed");
  if (passed.length > 0) return { kind: "opaque", how, name, passed };
  if (text !== undefined) return { kind: "opaque", how, name, text: { kind: "text", text } };
  if (variable === undefined || variable.startsWith("@@")) return { kind: "opaque", how, name };
  return { kind: "opaque", how, name, text: { kind: "variable", name: variableName(variable) } };
}
