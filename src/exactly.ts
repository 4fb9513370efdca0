/** A text as a regular expression finds it. */
export const exactly = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
