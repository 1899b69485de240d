// Everything here is a convenience: each page works with this file missing.
"use strict";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
// A browser may refuse its storage altogether (private windows): then nothing is kept, and nothing breaks.
const phone = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept */ } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing there */ } },
};

function focusErrors() {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  for (const link of all("a", summary)) {
    link.addEventListener("click", (event) => {
      const field = document.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      const step = field.closest("fieldset");
      if (step && step.hidden) step.dispatchEvent(new CustomEvent("show-step", { bubbles: true }));
      field.focus();
      (field.closest("fieldset, .field") || field).scrollIntoView();
    });
  }
}

// The second tap of an impatient thumb sends nothing; the button keeps its value, so it is not disabled.
function sendOnce() {
  for (const form of all('form[method="post"]')) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      form.dataset.sent = "1";
      if (event.submitter) event.submitter.setAttribute("aria-disabled", "true");
    });
  }
}

function sendAgain(form) {
  delete form.dataset.sent;
  for (const button of all("[aria-disabled]", form)) button.removeAttribute("aria-disabled");
}

// A form of questions: one at a time, kept on this phone, sent again until the server says that it has it.
function questions(form) {
  const words = form.dataset;
  const steps = all("fieldset, [data-step]", form).filter((step) => !step.parentElement.closest("fieldset, [data-step]"));
  const asked = steps.filter((step) => step.querySelector(".option input"));
  const send = all("button:not([type=button])", form).pop();
  const draft = "sharedPhone" in words ? null : `draft:${form.id}`;
  let here = 0;
  // Of some questions the answers before say whether they are asked: data-if="name=value".
  const isAsked = (step) => {
    if (!step.dataset.if) return true;
    const [name, value] = step.dataset.if.split("=");
    const base = all(".option input", form).find((one) => one.name === name && one.value === value);
    return Boolean(base && base.checked && isAsked(base.closest("fieldset")));
  };
  const beyond = (way) => {
    let next = here + way;
    while (steps[next] && !isAsked(steps[next])) next += way;
    return next;
  };

  const bars = make("span", {});
  bars.setAttribute("aria-hidden", "true");
  const said = make("span", {});
  const progress = make("p", { className: "progress" }, bars, said);
  const back = make("button", { type: "button", className: "button quiet", textContent: words.back });
  const onward = make("button", { type: "button", className: "button", textContent: words.continue });
  const notice = make("p", { className: "note", hidden: true });
  notice.setAttribute("role", "status");
  form.prepend(progress);
  send.before(onward);
  send.after(back);
  form.append(notice);

  function show(number, move) {
    here = number;
    const last = beyond(1) === steps.length;
    steps.forEach((step, place) => { step.hidden = place !== here; });
    const now = asked.filter(isAsked);
    const question = now.indexOf(steps[here]);
    bars.replaceChildren(...now.map((_, place) => make("i", { className: place <= question ? "is-on" : "" })));
    said.textContent = fill(words.progress, { n: question + 1, total: now.length });
    progress.hidden = question < 0 || now.length === 1;
    onward.hidden = last;
    send.hidden = !last;
    back.hidden = here === 0;
    for (const more of all("[data-last-step]", form)) more.hidden = !last;
    if (!move) return;
    const title = steps[here].querySelector("h2") || steps[here].querySelector("legend, label");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    form.scrollIntoView();
  }

  function answered() {
    const step = steps[here];
    const choices = all(".option input", step);
    const number = step.querySelector("[inputmode]");
    const missing = choices.length && !choices.some((one) => one.checked) && !(number && number.value.trim());
    const old = step.querySelector(".wrong[data-here]");
    if (old) old.remove();
    step.classList.toggle("has-error", Boolean(missing));
    if (!missing) return true;
    const error = make("p", { className: "wrong", textContent: words.missing });
    error.dataset.here = "1";
    error.setAttribute("role", "alert");
    step.querySelector(".options").before(error);
    (number || choices[0]).focus();
    return false;
  }

  const kept = () => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");

  function restore() {
    const before = draft && phone.get(draft);
    if (!before) return;
    for (const [name, value] of before.answers) {
      for (const field of all("[name]", form).filter((one) => one.name === name)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = field.checked || field.value === value;
        else if (field.type !== "hidden") field.value = value;
      }
    }
    here = Math.min(before.here, steps.length - 1);
    while (!isAsked(steps[here])) here -= 1;
  }

  function keep() {
    if (draft) phone.set(draft, { answers: kept(), here });
  }

  function tell(sentence) {
    notice.textContent = sentence;
    notice.hidden = false;
    notice.scrollIntoView({ block: "nearest" });
  }

  async function post(button) {
    const body = new URLSearchParams(new FormData(form));
    if (button && button.name) body.append(button.name, button.value);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    } catch {
      tell(words.noSignal);
      sendAgain(form);
      addEventListener("online", () => form.requestSubmit(send), { once: true });
      setTimeout(() => { if (!form.dataset.sent && form.isConnected) form.requestSubmit(send); }, 20000);
      return;
    }
    if (answer.status >= 500) {
      tell(words.ourFault);
      sendAgain(form);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = page.title;
    document.body.replaceWith(document.adoptNode(page.body));
    if (answer.redirected) history.replaceState(null, "", answer.url);
    scrollTo(0, 0);
    start();
    const heading = document.querySelector("h1");
    if (heading && !document.querySelector("[data-error-summary]")) {
      heading.tabIndex = -1;
      heading.focus();
    }
  }

  restore();
  const wrong = steps.findIndex((step) => step.matches(".has-error") || step.querySelector(".has-error"));
  show(wrong < 0 ? here : wrong);
  form.addEventListener("input", () => { keep(); show(here); });
  form.addEventListener("show-step", (event) => show(steps.indexOf(event.target)));
  back.addEventListener("click", () => { show(beyond(-1), true); keep(); });
  onward.addEventListener("click", () => { if (answered()) { show(beyond(1), true); keep(); } });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (beyond(1) < steps.length) {
      sendAgain(form);
      onward.click();
    } else if (answered()) {
      post(event.submitter);
    } else {
      sendAgain(form);
    }
  });
}

// The server says that it has the answers; only then does this phone let go of them.
function letGoOfDrafts() {
  for (const done of all("[data-draft-done]")) phone.remove(`draft:${done.dataset.draftDone}`);
}

function readAloud() {
  if (!("speechSynthesis" in window)) return;
  const language = document.documentElement.lang;
  // Only a voice stored on the phone: with another one the words would leave it.
  const voice = () => speechSynthesis.getVoices().find((one) => one.localService && one.lang.startsWith(language));
  for (const button of all("[data-read-aloud]")) {
    const label = button.querySelector("span");
    const words = label.textContent;
    const offer = () => { button.hidden = !voice(); };
    offer();
    speechSynthesis.addEventListener("voiceschanged", offer);
    button.addEventListener("click", () => {
      const speaking = speechSynthesis.speaking;
      speechSynthesis.cancel();
      label.textContent = words;
      if (speaking) return;
      const text = new SpeechSynthesisUtterance(document.getElementById(button.dataset.readAloud).innerText);
      text.voice = voice();
      text.lang = language;
      text.onend = () => { label.textContent = words; };
      label.textContent = button.dataset.stop;
      speechSynthesis.speak(text);
    });
  }
}

// The clock of the hour. It never moves on by itself, and it is where it was after a reload.
function timer(box) {
  const key = `timer:${box.dataset.timer}`;
  const parts = all("[data-minutes]", box);
  const [clock, title, words] = ["output", "[data-timer-part]", "[data-timer-words]"].map((one) => box.querySelector(one));
  const [begin, next, reset] = ["start", "next", "reset"].map((one) => box.querySelector(`[data-timer-${one}]`));
  const heading = title.textContent;
  let at = phone.get(key) || { part: -1, since: 0 };
  let said = "";

  async function stayAwake() {
    try { await navigator.wakeLock.request("screen"); } catch { /* this browser lets the screen sleep */ }
  }

  function draw() {
    const running = at.part >= 0;
    parts.forEach((part, place) => { part.className = place < at.part ? "is-done" : place === at.part ? "is-now" : ""; });
    clock.hidden = !running;
    begin.hidden = running;
    next.hidden = !running || at.part === parts.length - 1;
    reset.hidden = !running;
    let sentence = "";
    title.textContent = heading;
    if (running) {
      const left = parts[at.part].dataset.minutes * 60 - Math.floor((Date.now() - at.since) / 1000);
      const shown = Math.abs(left);
      clock.textContent = `${left < 0 ? "+" : ""}${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, "0")}`;
      title.textContent = fill(box.dataset.part, { n: at.part + 1, total: parts.length });
      const minutes = Math.ceil(shown / 60);
      sentence = left < 0 ? fill(box.dataset.over, { n: Math.floor(shown / 60) })
        : minutes === 1 ? box.dataset.oneLeft : fill(box.dataset.left, { n: minutes });
    }
    // Written once a minute, so that a screen reader says it once a minute.
    if (sentence !== said) words.textContent = said = sentence;
  }

  function go(part) {
    at = { part, since: Date.now() };
    phone.set(key, at);
    if (part >= 0) stayAwake();
    draw();
  }

  begin.addEventListener("click", () => go(0));
  next.addEventListener("click", () => go(at.part + 1));
  reset.addEventListener("click", () => go(-1));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && at.part >= 0) stayAwake(); });
  setInterval(draw, 1000);
  draw();
}

function copyAndPrint() {
  for (const button of all("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

// Characters left, shown from three quarters on; it never blocks.
function count(field) {
  const most = Number(field.dataset.count);
  const line = make("p", { className: "hint", hidden: true });
  line.setAttribute("role", "status");
  field.after(line);
  field.addEventListener("input", () => {
    line.hidden = field.value.length < most * 0.75;
    line.textContent = fill(field.dataset.countLeft, { n: most - field.value.length });
  });
}

function start() {
  sendOnce();
  all("form[data-one-at-a-time]").forEach(questions);
  letGoOfDrafts();
  readAloud();
  all("[data-timer]").forEach(timer);
  all("[data-count]").forEach(count);
  copyAndPrint();
  focusErrors();
}

start();
// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", (event) => { if (event.persisted) all("form").forEach(sendAgain); });
