import type { Transaction } from "../../../../../model/detail/session.js";
import { type Captured, firstOf, wordsOf } from "../../pattern/match.js";
import { type Phrase, phrase } from "./phrase.js";

const END = "[WORK] [AND NO CHAIN [NO RELEASE|RELEASE]|{AND CHAIN}=chain [NO RELEASE]|RELEASE|NO RELEASE]";
const XID = "<any=name> [, <any> [, <number>]]";

/** Where transactions begin and end. */
export const TRANSACTION: readonly Phrase[] = [
  harmless("begin", "BEGIN [WORK]", "begin"),
  harmless("begin", "START TRANSACTION [{WITH CONSISTENT SNAPSHOT|{READ ONLY|READ WRITE}=access}...]", "begin"),
  harmless("commit", `COMMIT ${END}`, "commit"),
  harmless("rollback", `ROLLBACK ${END}`, "rollback"),
  harmless("rollback-to", "ROLLBACK [WORK] TO {SAVEPOINT <name=name>|<name=name>}", "rollback-to-savepoint"),
  harmless("savepoint", "SAVEPOINT <name=name>", "savepoint"),
  harmless("release-savepoint", "RELEASE SAVEPOINT <name=name>", "release-savepoint"),
  distributed(`XA {START|BEGIN} ${XID} [JOIN|RESUME]`, "begin"),
  distributed(`XA PREPARE ${XID}`, "prepare"),
  distributed(`XA COMMIT ${XID} [ONE PHASE]`, "commit"),
  distributed(`XA ROLLBACK ${XID}`, "rollback"),
];

function harmless(what: string, text: string, action: Transaction["action"]): Phrase {
  return phrase(what, text, (captured) => transaction(action, captured, false), { harmless: true });
}

function distributed(text: string, action: Transaction["action"]): Phrase {
  return phrase("xa", text, (captured) => transaction(action, captured, true));
}

function transaction(
  action: Transaction["action"],
  captured: readonly Captured[],
  isDistributed: boolean,
): Transaction {
  const [access = null] = wordsOf(captured, "access");
  return {
    kind: "transaction",
    action,
    chain: firstOf(captured, "chain") !== null,
    name: firstOf(captured, "name")?.text ?? null,
    distributed: isDistributed,
    readOnly: access === null ? null : access === "READ ONLY",
  };
}
