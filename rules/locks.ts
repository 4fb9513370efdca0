import type { Effect, Lock } from "../src/model/effect.js";
import type { HeldLock } from "./rule.js";

/** A lock that stops reads or writes for as long as the table is large; null when there is none. Reads come first. */
export function longLock(effect: Effect): Lock | null {
  const long = effect.locks.filter((lock) => lock.held !== "brief");
  return long.find((lock) => lock.blocks === "reads") ?? long.find((lock) => lock.blocks === "writes") ?? null;
}

/** What has taken a lock, as SQL writes it: `ADD COLUMN`. */
export const writtenAs = ({ by }: HeldLock): string => by.replaceAll("-", " ").toUpperCase();

/** What others cannot do meanwhile: "reads and writes", "writes". */
export function blockedBy(lock: Lock): string {
  return lock.blocks === "reads" ? "reads and writes" : "writes";
}
