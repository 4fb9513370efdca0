import type { AlterPolicyStmt, CreatePolicyStmt, Node, RangeVar } from "libpg-query";
import type { PolicyChange, PolicyCommand, PolicyCondition, PolicyShape } from "../../../../../model/detail/policy.js";
import { bodies, body, contains, strings } from "../../ast.js";
import { columnsOfTree } from "../../column-refs.js";
import { roleName } from "../../def-elem.js";
import { callsIn } from "../../relations.js";
import { conditionsOf } from "./normal-condition.js";
import { NOWHERE, type Scope } from "./normal-text.js";

const COMMANDS: readonly PolicyCommand[] = Object.freeze(["select", "insert", "update", "delete"]);

/** Whose rows a policy lets through for certain. */
export function policyShape({ cmd_name, permissive, roles, qual, with_check, table }: CreatePolicyStmt): PolicyShape {
  const commands = COMMANDS.filter((command) => cmd_name === "all" || cmd_name === command);
  // WITH CHECK is what USING says where it is left out; an INSERT has no row to look at.
  const written = isOpen(with_check ?? qual);
  const open = commands.filter((command) => {
    if (command === "insert") return written;
    return isOpen(qual) && (command !== "update" || written);
  });
  const asked = (condition: Node | undefined) =>
    condition === undefined ? null : Object.freeze(conditionsOf(condition, scopeOn(table)));
  return Object.freeze({
    restrictive: permissive !== true && open.length < commands.length,
    commands: Object.freeze(commands),
    using: asked(qual),
    check: asked(with_check ?? qual),
    ...(with_check === undefined ? {} : { ownCheck: true }),
    open: Object.freeze(permissive === true ? open : []),
    calls: Object.freeze(callsIn([qual, with_check])),
    roles: policyRoles(roles),
  });
}

/** What ALTER POLICY says of a policy anew. */
export function policyChange({ roles, qual, with_check, table }: AlterPolicyStmt): PolicyChange {
  const asked = (condition: Node): PolicyCondition => ({
    conditions: Object.freeze([...conditionsOf(condition, scopeOn(table))]),
    open: isOpen(condition),
  });
  return Object.freeze({
    ...(qual === undefined ? {} : { using: asked(qual) }),
    ...(with_check === undefined ? {} : { check: asked(with_check) }),
    ...(roles === undefined ? {} : { roles: policyRoles(roles) }),
    columns: policyColumns([qual, with_check]),
    calls: Object.freeze(callsIn([qual, with_check])),
  });
}

const scopeOn = (table: RangeVar | undefined): Scope => ({ ...NOWHERE, only: table?.relname ?? null });

/** Empty for every role. */
function policyRoles(roles: readonly Node[] | undefined): readonly string[] {
  const named = bodies(roles, "RoleSpec");
  const isAll = named.length === 0 || named.some(({ roletype }) => roletype === "ROLESPEC_PUBLIC");
  return Object.freeze(isAll ? [] : named.map(roleName));
}

/** The columns of its own table that a policy names; in a query with a FROM they may be another one's, and are left out. */
export function policyColumns(conditions: readonly (Node | undefined)[]): readonly string[] {
  const plain = conditions.filter((each) => each !== undefined && !contains(each, FROM_ITEMS));
  return Object.freeze(plain.flatMap((each) => columnsOfTree(each)));
}

const FROM_ITEMS: ReadonlySet<string> = new Set(["RangeVar", "RangeSubselect", "RangeFunction", "RangeTableFunc"]);

/** `true`, or what is so in a session that has not made a setting yet: `current_setting('app.tenant', true) IS NULL OR ...`. */
function isOpen(condition: Node | undefined): boolean {
  if (body(condition, "A_Const")?.boolval?.boolval === true) return true;
  const logic = body(condition, "BoolExpr");
  if (logic?.boolop === "OR_EXPR") return (logic.args ?? []).some(isOpen);
  if (logic?.boolop === "AND_EXPR") return (logic.args ?? []).every(isOpen);
  const test = body(condition, "NullTest");
  if (test?.nulltesttype === "IS_NULL") return isUnset(test.arg);
  const compared = body(condition, "A_Expr");
  if (compared?.kind !== "AEXPR_OP" || strings(compared.name).join() !== "=") return false;
  const sides = [compared.lexpr, compared.rexpr];
  return sides.some((side) => body(side, "A_Const")?.sval !== undefined && isEmptyText(side)) && sides.some(isUnset);
}

const isEmptyText = (node: Node | undefined): boolean => (body(node, "A_Const")?.sval?.sval ?? "") === "";

/** `current_setting(..., true)`, and that in NULLIF, COALESCE or a cast. */
function isUnset(node: Node | undefined): boolean {
  const call = body(node, "FuncCall");
  if (call !== null) {
    const [, missing] = call.args ?? [];
    return strings(call.funcname).at(-1) === "current_setting" && body(missing, "A_Const")?.boolval?.boolval === true;
  }
  const expression = body(node, "A_Expr");
  if (expression?.kind === "AEXPR_NULLIF") return isUnset(expression.lexpr);
  const [first] = body(node, "CoalesceExpr")?.args ?? [];
  if (first !== undefined) return isUnset(first);
  const cast = body(node, "TypeCast");
  return cast !== null && isUnset(cast.arg);
}
