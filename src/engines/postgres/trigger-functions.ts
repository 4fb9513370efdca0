/** PostgreSQL's own functions for triggers, and those of its extensions. */
export const BROUGHT_TRIGGER =
  /^(?:pg_|_|ri_|suppress_redundant_updates_trigger$|tsvector_update_trigger|unique_key_recheck$|moddatetime$|autoinc$|insert_username$|check_(?:primary|foreign)_key$|ttdummy$|lo_manage$|triggered_change_notification$|versioning$)/;
