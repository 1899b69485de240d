// Ties the button of a page to allauth's passkey ceremony, with the challenge that stands in #js_data.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-passkey]");
  const { passkey, credential } = button.dataset;
  const ids = { add: button.id, authenticate: button.id, credential, data: "js_data" };
  window.allauth.webauthn.forms[passkey]({ ids });
});
