/** Whether a default's text is NULL, with or without brackets and a cast. */
export const isNull = (text: string): boolean => /^\(*\s*null\b/i.test(text);
