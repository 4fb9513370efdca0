import type { EffectContext } from "../../engine.js";

/** Whether every server that the statement may run on is of this major version or newer. */
export function isAtLeast(context: EffectContext, major: number): boolean {
  return (context.version.parts[0] ?? 0) >= major;
}

/** Why a statement fails on servers older than this; null when none of them is. */
export function notBefore(context: EffectContext, major: number, what: string): string | null {
  return isAtLeast(context, major) ? null : `PostgreSQL ${major - 1} and older do not know ${what} (42601)`;
}
