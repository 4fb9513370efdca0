import { type RelationName, show } from "../../model/name.js";

/** `orders, users`. */
export const showAll = (relations: readonly RelationName[]): string => relations.map(show).join(", ");
