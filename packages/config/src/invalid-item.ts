/** Stands for a wrong item of a list, so that the places of the others stay what they are. No text of a file is it. */
export const INVALID_ITEM: string = "\0";
