import { sanitizeText } from "@troupe/core";
import { wellFormed } from "./well-formed.js";

/** Foreign text as content or as the value of an attribute in double quotes, of XML and of HTML. */
export function escapeXml(text: string): string {
  return wellFormed(sanitizeText(text))
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** As {@link escapeXml}, for the value of an XML attribute: line breaks stay, where a parser would make spaces of them. */
export function escapeAttribute(text: string): string {
  return escapeXml(text).replace(/\n/g, "&#10;").replace(/\t/g, "&#9;");
}
