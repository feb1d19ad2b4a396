/** The theme form stores a cookie and reloads; with script the page changes colour where it stands. */
export function switchThemeInPlace() {
  document.addEventListener("submit", async event => {
    const button = event.submitter;
    if (button?.name !== "theme") return;
    event.preventDefault();
    const answer = await fetch(event.target.action, {
      method: "POST",
      body: new FormData(event.target, button),
      redirect: "manual",
    }).catch(() => null);
    if (answer?.type !== "opaqueredirect") return location.reload();
    document.documentElement.dataset.theme = button.value;
    for (const other of event.target.querySelectorAll("button[name=theme]"))
      other.setAttribute("aria-pressed", String(other === button));
  });
}
