/**
 * A form[data-passkey] holds what to ask the device: to make a passkey (the JSON names a user) or to sign with one. The answer goes into
 * the form and is sent. A page has one such form; without this script its button stays hidden.
 */
const form = document.querySelector("form[data-passkey]");
const status = form?.querySelector("[data-passkey-status]");
const button = form?.querySelector("button");
if (button) run();

function run() {
  if (!window.PublicKeyCredential || !window.isSecureContext) return say("unsupported");
  if (location.origin !== status.dataset.origin) return say("elsewhere");
  button.hidden = false;
  form.addEventListener("submit", event => {
    event.preventDefault();
    ask();
  });
  if (form.dataset.starts === "true") ask();
}

async function ask() {
  button.disabled = true;
  status.hidden = true;
  try {
    const options = JSON.parse(form.dataset.passkey);
    const publicKey = { ...options, challenge: bytes(options.challenge) };
    if (options.user) {
      publicKey.user = { ...options.user, id: bytes(options.user.id) };
      publicKey.excludeCredentials = options.excludeCredentials.map(known => ({ ...known, id: bytes(known.id) }));
    } else {
      publicKey.allowCredentials = [];
    }
    const credential = await (options.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.elements.Answer.value = JSON.stringify(answerOf(credential));
    form.submit();
  } catch (fault) {
    button.disabled = false;
    if (!(fault instanceof DOMException)) throw fault;
    say(fault.name === "InvalidStateError" ? "known" : fault.name === "NotSupportedError" ? "unsupported" : "stopped");
    button.focus();
  }
}

function answerOf({ id, rawId, type, response }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].filter(part => response[part]);
  return { id, rawId: text(rawId), type, response: Object.fromEntries(parts.map(part => [part, text(response[part])])), clientExtensionResults: {} };
}

function say(what) {
  status.textContent = status.dataset[what];
  status.hidden = false;
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
