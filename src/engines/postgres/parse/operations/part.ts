import type { Node } from "libpg-query";
import type { RelationName } from "../../../../model/name.js";
import type { OperationDetail } from "../../../../model/operation-detail.js";
import type { Span } from "../../../../model/span.js";
import { type Body, body, type NodeKind } from "../ast.js";
import type { Reading } from "./context.js";

/** One thing that a statement does. */
export interface Part {
  readonly relation: RelationName | null;
  readonly detail: OperationDetail;
  /** Where it is not the statement's own. */
  readonly what?: string;
  readonly span?: Span;
  readonly harmless?: boolean;
  readonly only?: boolean;
}

/** What a statement does; null when it was not understood. */
export type PartReader = (node: Node, reading: Reading) => readonly Part[] | null;

/** A reader for one kind of node, for the list in `parts.ts`. */
export function reader<K extends NodeKind>(
  kind: K,
  read: (stmt: Body<K>, reading: Reading) => readonly Part[] | null,
): readonly [string, PartReader] {
  return [
    kind,
    (node, reading) => {
      const stmt = body(node, kind);
      return stmt === null ? null : read(stmt, reading);
    },
  ];
}

/** A statement that does one thing. */
export function one(relation: RelationName | null, detail: OperationDetail): readonly Part[] {
  return [{ relation, detail }];
}
