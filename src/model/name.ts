/** A table, view or sequence, spelled exactly as the database stores it. `schema` is null when the text named none. */
export interface RelationName {
  readonly schema: string | null;
  readonly name: string;
}

/** `public.users`, as people read it: never for SQL. */
export const show = ({ schema, name }: RelationName): string => (schema === null ? name : `${schema}.${name}`);
