import type { RefreshView } from "../../../../model/detail/object.js";
import type { Effect } from "../../../../model/effect.js";
import { show } from "../../../../model/name.js";
import { effect } from "../../../effect.js";
import { lock } from "../locks.js";

import { broken, type Subject } from "../subject.js";

/** REFRESH MATERIALIZED VIEW: who reads it waits for the query; CONCURRENTLY only who writes, and needs a unique index. */
export function refreshEffect({ concurrently, withData }: RefreshView, subject: Subject): Effect {
  const name = show(subject.relation);
  if (concurrently) {
    return effect({
      locks: [lock(subject.relation, "EXCLUSIVE", "scan")],
      scan: true,
      replicaCost: "replay",
      assumes: [
        `the tables that ${name} reads are marked as read`,
        `${name} is taken to have a unique index over all of its rows`,
      ],
    });
  }
  const unread = withData ? [] : [broken("reads", `${name} cannot be read until it is refreshed (55000)`)];
  return effect({
    locks: [lock(subject.relation, "ACCESS EXCLUSIVE", withData ? "rewrite" : "brief")],
    rewrite: withData,
    scan: withData,
    indexesRebuilt: withData,
    breaks: unread,
    replicaCost: withData ? "replay" : "none",
    assumes: withData ? [`the tables that ${name} reads are marked as read`] : [],
  });
}
