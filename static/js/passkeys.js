// Passkeys: give allauth's script our buttons, show what works only with one, and say it when a key does not answer.
// A passkey belongs to a site's name: on a bare IP address there are none.
const isNamed = !/^[\d.]+$|:/.test(location.hostname);

if (window.PublicKeyCredential && isNamed) {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    const { passkey, credential, passwordless, options } = button.dataset;
    window.allauth.webauthn.forms[`${passkey}Form`]({
      ids: { [passkey]: button.id, credential, passwordless },
      data: options && JSON.parse(options),
    });
  }
  for (const part of document.querySelectorAll("[data-with-passkeys], [data-without-passkeys]")) {
    part.hidden = "withoutPasskeys" in part.dataset;
  }
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.querySelector("[data-passkey-failed]").hidden = false;
});
