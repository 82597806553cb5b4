// Passkeys: to come in with one, and to make one. Without scripts, or where the browser has none, the rest still works.
const toast = document.getElementById("toast");

function say(message) {
  toast.replaceChildren(document.createTextNode(message));
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.hidden = true; }, 8000);
}

async function ask(path, body) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 403 && told.to) location.assign(told.to);
  if (!answer.ok) throw new Error(told.detail ?? answer.statusText);
  return told;
}

const ways = {
  async use() {
    const { name, options } = await ask("/sign-in/passkey/options", {});
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const credential = await navigator.credentials.get({ publicKey });
    return ask("/sign-in/passkey", { name, credential: credential.toJSON() });
  },
  async make() {
    const { name, options } = await ask("/account/passkeys/options", {});
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    return ask("/account/passkeys", { name, credential: credential.toJSON() });
  },
};

const able = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials;
for (const button of document.querySelectorAll("[data-passkey]")) {
  button.hidden = !able;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      location.assign((await ways[button.dataset.passkey]()).to);
    } catch (error) {
      // The browser's own words (NotAllowedError) say nothing to a person: they only closed the window.
      say(error instanceof DOMException ? button.dataset.failed : error.message);
    } finally {
      button.disabled = false;
    }
  });
}
