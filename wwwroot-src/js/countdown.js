const running = new WeakSet();

/** <time data-countdown="SECONDS LEFT">: counts from the server's figure, so that a wrong clock here does no harm. */
export function runCountdowns(root) {
  for (const place of [root, ...root.querySelectorAll("[data-countdown]")]) {
    if (!place.dataset?.countdown || running.has(place)) continue;
    running.add(place);
    const end = Date.now() + Number(place.dataset.countdown) * 1000;
    tick(place, end);
  }
}

function tick(place, end) {
  if (!place.isConnected) return;
  const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
  place.textContent = words(left);
  if (left > 0) setTimeout(tick, left > 120 ? 15_000 : 1_000, place, end);
  else place.dispatchEvent(new CustomEvent("aurion:expired", { bubbles: true }));
}

function words(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours}\u00a0h ${String(minutes).padStart(2, "0")}\u00a0min`;
  return seconds > 120 ? `${minutes}\u00a0min` : `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}
