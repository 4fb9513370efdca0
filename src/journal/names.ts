import {
  IdentifierNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type QueryId,
  SchemableIdentifierNode,
} from "kysely";
import { JOURNAL_TABLES } from "./schema.js";

/** Puts the journal's tables where the engine keeps them: `zmigrate.steps` or `zmigrate_steps`. */
class JournalNames extends OperationNodeTransformer {
  readonly #table: (name: string) => string;

  constructor(table: (name: string) => string) {
    super();
    this.#table = table;
  }

  protected override transformSchemableIdentifier(node: SchemableIdentifierNode, id: QueryId): SchemableIdentifierNode {
    const transformed = super.transformSchemableIdentifier(node, id);
    const name = transformed.identifier.name;
    if (!(JOURNAL_TABLES as readonly string[]).includes(name)) return transformed;
    const [schema, table] = this.#table(name).split(".");
    if (table === undefined) return { ...transformed, identifier: IdentifierNode.create(schema ?? name) };
    return SchemableIdentifierNode.createWithSchema(schema ?? "", table);
  }
}

/** A kysely plugin that renames the journal's tables for an engine. */
export function journalNames(table: (name: string) => string): KyselyPlugin {
  const transformer = new JournalNames(table);
  return {
    transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
    transformResult: async ({ result }) => result,
  };
}
