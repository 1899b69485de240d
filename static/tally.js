// The speaking tally: counts on this phone, sends when there is signal, opens again without. app.js comes first.
"use strict";

{
  const form = document.querySelector("[data-tally]");
  const words = form.dataset;
  const key = `tally:${words.tally}`;
  const taps = all("button[name=one]", form);
  const token = form.elements.csrfmiddlewaretoken;
  const [undo, finish, replace, status, share] = ["[name=undo]", "[data-finish]", "[data-replace]", "[data-status]", "[data-share-words]"]
    .map((one) => form.querySelector(one));
  const field = (name) => form.querySelector(`input[name="${name}"]`);
  const shown = Object.fromEntries(taps.map((tap) => [tap.value, Number(field(tap.value).value)]));
  let count = phone.get(key) || { phone: field("phone_key").value, counts: shown, taps: [], sent: true };
  let busy = false;
  let waiting;

  function draw() {
    field("phone_key").value = count.phone;
    for (const tap of taps) {
      field(tap.value).value = count.counts[tap.value];
      tap.querySelector("output").textContent = count.counts[tap.value];
    }
    const [families, staff] = taps.map((tap) => count.counts[tap.value]);
    share.hidden = !(families + staff);
    share.textContent = fill(words.share, { families, total: families + staff });
    undo.hidden = !count.taps.length;
    finish.hidden = false;
  }

  const tell = (sentence) => { if (status.textContent !== sentence) status.textContent = sentence; };

  function add(name, by) {
    count.counts[name] = Math.max(0, count.counts[name] + by);
    count.sent = false;
    phone.set(key, count);
    draw();
    clearTimeout(waiting);
    waiting = setTimeout(send, 1500);
  }

  // The page that this phone keeps holds no token: a fresh one comes with the page, or the way in does.
  async function freshToken() {
    const answer = await fetch(location.pathname);
    if (answer.redirected || !answer.ok) return "";
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]").value;
  }

  // One at a time, so that a later count never comes before an earlier one.
  async function send(event, replaces = false) {
    if (busy || (count.sent && !replaces)) return count.sent;
    busy = true;
    const sending = JSON.stringify(count.counts);
    try {
      token.value = token.value || await freshToken();
      const body = new URLSearchParams({ csrfmiddlewaretoken: token.value, phone_key: count.phone, script: "1", ...count.counts });
      if (replaces) body.set("replaces", "1");
      const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual" });
      if (answer.status === 204) {
        count.sent = JSON.stringify(count.counts) === sending;
        phone.set(key, count);
        replace.hidden = true;
        tell(words.sent);
      } else if (answer.status === 409) {
        replace.hidden = false;
        tell(words.other);
      } else {
        token.value = "";
        tell(words.enter);
      }
    } catch {
      tell(words.kept);
    }
    busy = false;
    clearTimeout(waiting);
    if (!count.sent && replace.hidden) waiting = setTimeout(send, 15000);
    return count.sent;
  }

  // Counts and labels only: the page without its token, and the files it is drawn with.
  async function keepPage() {
    if (!navigator.serviceWorker || !window.caches) return;
    await navigator.serviceWorker.register(words.worker);
    await navigator.serviceWorker.ready;
    const page = await fetch(location.pathname);
    if (!page.ok || page.redirected) return;
    const html = (await page.text()).replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
    const headers = {};
    for (const name of ["Content-Type", "Content-Security-Policy"]) headers[name] = page.headers.get(name);
    const files = [...all("script[src]").map((one) => one.src), ...all("link[href]").map((one) => one.href),
      ...all("use").map((one) => new URL(one.getAttribute("href"), location).href.split("#")[0])];
    const kept = await caches.open(key);
    await kept.addAll([...new Set(files)]);
    await kept.put(location.pathname, new Response(html, { headers }));
    if (count.sent) tell(words.ready);
  }

  async function putAway() {
    if (!await send()) return;
    phone.remove(key);
    if (window.caches) await caches.delete(key);
    const worker = navigator.serviceWorker && await navigator.serviceWorker.getRegistration(location.pathname);
    if (worker) await worker.unregister();
    location.assign(words.after);
  }

  async function stayAwake() {
    try { await navigator.wakeLock.request("screen"); } catch { /* this browser lets the screen sleep */ }
  }

  for (const tap of taps) {
    tap.type = "button";
    tap.addEventListener("click", () => { count.taps.push(tap.value); add(tap.value, 1); });
  }
  undo.type = "button";
  undo.addEventListener("click", () => add(count.taps.pop(), -1));
  finish.addEventListener("click", putAway);
  replace.addEventListener("click", () => send(null, true));
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) stayAwake(); });
  stayAwake();
  draw();
  keepPage().catch(() => { /* this browser keeps no pages: the count is kept all the same */ });
  send();
}
