"use strict";

// LINE's LIFF SDK as far as a page needs it to learn who holds the phone. Stands in for the CDN's script in browser tests.
window.liff = (() => {
  const KEY = "LIFF_STORE:IDToken";
  const LOGIN = "https://access.line.me/oauth2/v2.1/authorize";
  let inLine = false;

  const claims = () => {
    const token = localStorage.getItem(KEY);
    if (!token) {
      return null;
    }
    const encoded = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))));
  };

  const init = async ({ liffId }) => {
    if (!liffId) {
      throw new Error("liffId is necessary for liff.init()");
    }
    const url = new URL(location.href);
    const token = new URLSearchParams(url.hash.slice(1)).get("id_token");
    if (token) {
      localStorage.setItem(KEY, token);
      url.hash = "";
    }
    const state = url.searchParams.get("liff.state");
    if (state !== null) {
      sessionStorage.setItem("LIFF_STORE:inLine", String(Boolean(token)));
      location.replace(url.origin + url.pathname + state);
      return;
    }
    inLine = sessionStorage.getItem("LIFF_STORE:inLine") === "true";
    history.replaceState(null, "", url);
  };

  return {
    init,
    isInClient: () => inLine,
    isLoggedIn: () => localStorage.getItem(KEY) !== null,
    getIDToken: () => localStorage.getItem(KEY),
    getDecodedIDToken: claims,
    login: ({ redirectUri } = {}) => {
      location.assign(`${LOGIN}?${new URLSearchParams({ redirect_uri: redirectUri ?? location.href })}`);
    },
    logout: () => localStorage.removeItem(KEY),
  };
})();
