/** Forms carry their own token; every other htmx request gets it here, from the page's <meta>. */
export function sendAntiforgeryHeader() {
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const meta = document.querySelector("meta[name=csrf-token]");
    if (meta && detail.verb !== "get") detail.headers[meta.dataset.header] = meta.content;
  });
}
