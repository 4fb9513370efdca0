import type { RelationName } from "../../model/name.js";

/** `public.users`, for people. */
export const show = ({ schema, name }: RelationName): string => (schema === null ? name : `${schema}.${name}`);

/** `orders, users`. */
export const showAll = (relations: readonly RelationName[]): string => relations.map(show).join(", ");
