import type { Operation } from "../model/operation.js";

/** Whether a question names, as a word of its own, what an operation makes, takes away or gives another name. */
export function asksFor(question: string, operation: Operation): boolean {
  const asked = question.toLowerCase();
  return namesOf(operation).some((name) => hasWord(asked, name.toLowerCase()));
}

const OF_A_WORD = /[\p{L}\p{N}_$]/u;

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!OF_A_WORD.test(text[at - 1] ?? "") && !OF_A_WORD.test(text[at + word.length] ?? "")) return true;
  return false;
}

function namesOf(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case "create-table":
      return [operation.relation.name];
    case "add-column":
      return [operation.column.name];
    case "rename-column":
      return [operation.from, operation.to];
    case "drop-column":
      return [operation.column];
    case "create-index":
      return operation.name === null ? [] : [operation.name];
    case "other":
      return namesOfOther(operation);
  }
}

function namesOfOther({ detail, relation }: Extract<Operation, { readonly kind: "other" }>): readonly string[] {
  switch (detail?.kind) {
    case "add-constraint":
      return detail.constraint.name === null ? [] : [detail.constraint.name];
    case "drop-constraint":
      return detail.name === null ? [] : [detail.name];
    case "rename-constraint":
    case "rename-index":
      return [detail.from, detail.to];
    case "drop-index":
      return [detail.index.name];
    // ALTER TYPE ... ADD VALUE.
    case "alter-object":
      return detail.values ?? [];
    case "drop-object":
      return detail.name === null ? [] : [detail.name.name];
    case "rename-table":
      return [detail.to.name, ...(relation === null ? [] : [relation.name])];
    case "drop-table":
      return relation === null ? [] : [relation.name];
    default:
      return [];
  }
}
