"use strict";

// Opens a link inside LINE: LINE's SDK says whose phone this is, the server asks LINE whether that is true.
(() => {
  const form = document.getElementById("liff");

  const show = (state) => {
    for (const part of document.querySelectorAll("[data-state]")) {
      part.hidden = part.dataset.state !== state;
    }
  };

  // Inside LINE the token is of this minute. Elsewhere the browser keeps it, and it ends after an hour.
  const isOver = () => !liff.isInClient() && liff.getDecodedIDToken()?.exp * 1000 <= Date.now();

  const start = async () => {
    await liff.init({ liffId: form.dataset.liffId });
    if (!("isLink" in form.dataset)) {
      // With liff.state the SDK is on its way to the link by now.
      if (!new URLSearchParams(location.search).has("liff.state")) {
        show("no-link");
      }
      return;
    }
    if (liff.isLoggedIn() && isOver()) {
      liff.logout();
    }
    if (!liff.isLoggedIn()) {
      show("login");
      return;
    }
    const token = liff.getIDToken();
    if (!token) {
      throw new Error("The LIFF app lacks the scope openid.");
    }
    form.elements.id_token.value = token;
    form.submit();
  };

  document.getElementById("login").addEventListener("click", () => {
    liff.login({ redirectUri: location.origin + location.pathname });
  });
  start().catch(() => show("failed"));
})();
