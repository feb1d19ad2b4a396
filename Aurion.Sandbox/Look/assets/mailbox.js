// A new mail shows by itself; the page is read again only when something changed.
const watch = async () => {
  for (;;) {
    const answer = await fetch("/api/changed").catch(() => null);
    if (!answer) await new Promise(resume => setTimeout(resume, 2000));
    else if (await answer.json()) return location.reload();
  }
};
watch();
