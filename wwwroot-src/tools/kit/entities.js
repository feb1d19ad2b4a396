/** The text of HTML such as "caf&eacute;", by the browser's own table; for markdown-it. */
export function decodeHTML(text) {
  return new DOMParser().parseFromString(text.replaceAll("<", "&lt;"), "text/html").documentElement.textContent;
}

export const decodeHTMLStrict = decodeHTML;
