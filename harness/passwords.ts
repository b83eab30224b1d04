/** Addresses may hold a password; what is printed or recorded must not. */

/** `redis://user:secret@host` -> `redis://host`, anywhere in a text. */
export const withoutPassword = (text: string): string => text.replace(/\b([a-z]+:\/\/)[^/\s]*@/gi, '$1');
