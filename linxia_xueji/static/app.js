"use strict";
// Progressive enhancement only: with this file absent every link and form still works.
// No eval, no inline handlers, nothing stored in the browser.
(function () {
  document.documentElement.classList.add("js");
  var live = document.getElementById("live");
  // Speak through the one live region; emptied first so that the same sentence is read twice.
  function say(text) { if (live) { live.textContent = ""; window.setTimeout(function () { live.textContent = text; }, 50); } }
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }

  // Bulk selection: form[data-bulk] with [data-all], .bulk and [data-count].
  all("form[data-bulk]").forEach(function (form) {
    var every = form.querySelector("[data-all]"), bar = form.querySelector(".bulk"), out = form.querySelector("[data-count]");
    function boxes() { return all("tbody input[type=checkbox]:not([disabled])", form); }
    function sync(announce) {
      var list = boxes(), on = list.filter(function (x) { return x.checked; });
      list.forEach(function (x) { x.closest("tr").classList.toggle("sel", x.checked); });
      if (every) { every.checked = on.length > 0 && on.length === list.length; every.indeterminate = on.length > 0 && on.length < list.length; }
      if (bar) bar.hidden = on.length === 0;
      if (out) out.textContent = on.length;
      if (announce) say("已选" + on.length + "件");
    }
    form.addEventListener("change", function (e) {
      if (every && e.target === every) boxes().forEach(function (x) { x.checked = every.checked; });
      if (e.target.type === "checkbox") sync(true);
    });
    form.addEventListener("click", function (e) {
      if (e.target.closest("[data-clear]")) { boxes().forEach(function (x) { x.checked = false; }); sync(true); }
    });
    sync(false);
  });

  // A blocked action stays focusable; when used it shows and says why.
  function refuse(el) {
    var ids = (el.getAttribute("aria-describedby") || "").split(/\s+/), words = [];
    ids.forEach(function (id) {
      var why = id && document.getElementById(id);
      if (why) { why.hidden = false; words.push(why.textContent.trim()); }
    });
    say(words.join("；") || "现在不能办理");
  }

  document.addEventListener("click", function (e) {
    var blocked = e.target.closest("[aria-disabled=true]");
    if (blocked) { e.preventDefault(); refuse(blocked); return; }
    var opener = e.target.closest("[data-dlg]"), close = e.target.closest("[data-close]"), phrase = e.target.closest("[data-phrase]");
    if (opener) {
      var dialog = document.getElementById(opener.getAttribute("data-dlg"));
      if (dialog && dialog.showModal) {
        e.preventDefault(); dialog.showModal();
        var first = dialog.querySelector("form[data-draft] .in, form[data-draft] .ck");   // not the button that clears a draft
        if (first) first.focus();
        dialog.addEventListener("close", function () { opener.focus(); }, { once: true });
      }
    }
    if (close && close.closest("dialog")) { e.preventDefault(); close.closest("dialog").close(); }
    if (phrase) {
      var area = document.getElementById(phrase.getAttribute("data-for"));
      if (area) { area.value = (area.value ? area.value.replace(/[。；]?$/, "；") : "") + phrase.textContent.trim(); area.dispatchEvent(new Event("input", { bubbles: true })); area.focus(); say("已加入常用语"); }
    }
    if (e.target.closest("[data-print]")) window.print();
    var turn = e.target.closest("[data-turn]"), zoom = e.target.closest("[data-zoom]"), scan = document.querySelector("[data-scan]");
    if (scan && turn) view(scan, (Number(scan.dataset.turned || 0) + 1) % 4, Number(scan.dataset.zoomed || 0));
    if (scan && zoom) view(scan, Number(scan.dataset.turned || 0), Math.max(0, Math.min(3, Number(scan.dataset.zoomed || 0) + Number(zoom.dataset.zoom))));
    var menu = e.target.closest("[data-menu]");
    if (menu) {
      var open = menu.getAttribute("aria-expanded") !== "true";
      menu.setAttribute("aria-expanded", String(open));
      all(".sidenav, .topbar .find").forEach(function (x) { x.classList.toggle("open", open); });
    }
  });

  // One click, one submission. The button keeps its name and value, so it is marked, not disabled.
  function release(form) {
    form.removeAttribute("data-sent");
    all("[aria-busy=true]", form).forEach(function (b) {
      b.removeAttribute("aria-busy");
      if (b.hasAttribute("data-words")) { b.textContent = b.getAttribute("data-words"); b.removeAttribute("data-words"); }
    });
  }
  document.addEventListener("submit", function (e) {
    var form = e.target;
    if (e.defaultPrevented || form.method !== "post" || form.matches("[hx-post],[hx-get],[method=dialog]")) return;
    if (form.hasAttribute("data-sent")) { e.preventDefault(); say("正在提交，请稍候"); return; }
    form.setAttribute("data-sent", "");
    if (form.matches(".kept")) form.nextElementSibling.setAttribute("data-sent", "");   // a draft being cleared is not saved once more
    var button = e.submitter || form.querySelector("button.btn:not([type=button])");
    if (button) {
      button.setAttribute("aria-busy", "true");
      if (button.classList.contains("btn") && !button.querySelector("svg")) {
        button.setAttribute("data-words", button.textContent); button.textContent = "正在提交…";
      }
    }
    // A form that answers with a file leaves the page standing.
    if (form.hasAttribute("data-download")) window.setTimeout(function () { release(form); }, 3000);
  });
  window.addEventListener("pageshow", function (e) { if (e.persisted) all("form[data-sent]").forEach(release); });

  // Drafts: what is typed into form[data-draft] is sent to the server a second after the typing stops, and on leaving.
  // Never a file, a password or the token of the form itself (that one goes in the head of the request).
  all("form[data-draft]").forEach(function (form) {
    var timer = 0, changed = false, running = null, state = form.querySelector("[data-draft-state]");
    function show(words) { if (state) { state.hidden = false; state.textContent = words; } }
    function typed() {
      var body = new URLSearchParams();
      new FormData(form).forEach(function (value, name) {
        var field = form.elements[name];
        if (typeof value === "string" && name !== "csrfmiddlewaretoken" && !(field && field.type === "password")) body.append(name, value);
      });
      return body;
    }
    function save(leaving) {
      window.clearTimeout(timer);
      if (!changed || form.hasAttribute("data-sent")) return;
      changed = false;
      running = window.AbortController ? new AbortController() : null;
      fetch(form.getAttribute("data-draft"), {
        method: "POST", body: typed(), credentials: "same-origin", redirect: "manual", keepalive: leaving, signal: leaving || !running ? undefined : running.signal,
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "X-Requested-With": "fetch" }
      }).then(function (answer) {
        if (answer.type === "opaqueredirect") throw new Error("signed out");
        return answer.json();
      }).then(function (kept) {
        if (kept.known) form.elements.draft_known.value = kept.known;
        show(kept.words);
        if (kept.words.indexOf("；") > 0) say(kept.words);
      }).catch(function (fault) {
        if (fault.name === "AbortError") return;
        changed = true;
        show(fault.message === "signed out" ? "登录已失效，草稿没有保存。提交后重新登录，填写的内容仍会保留" : "草稿没有保存成功，继续填写时会再试");
      });
    }
    function note(e) {
      if (e.target.type === "file" || e.target.type === "password") return;
      changed = true; window.clearTimeout(timer); timer = window.setTimeout(function () { save(false); }, 1000);
    }
    form.addEventListener("input", note); form.addEventListener("change", note);
    // What is handed in is no draft any more: nothing sent before may arrive after it.
    form.addEventListener("submit", function () { window.clearTimeout(timer); if (running) running.abort(); });
    window.addEventListener("pagehide", function () { save(true); });
    document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") save(true); });
  });

  // Paper has nothing to unfold: what lies folded on the page stands open on it, and is folded again afterwards.
  // The style sheet says so too, to browsers that know ::details-content; those of the offices do not.
  window.addEventListener("beforeprint", function () {
    all("main details[data-paper]:not([open])").forEach(function (x) { x.setAttribute("data-folded", ""); x.open = true; });
  });
  window.addEventListener("afterprint", function () {
    all("details[data-folded]").forEach(function (x) { x.removeAttribute("data-folded"); x.open = false; });
  });

  // A scan beside its form: turned by quarters, enlarged in three steps; the style sheet does the rest.
  function view(scan, turned, zoomed) {
    scan.dataset.turned = turned; scan.dataset.zoomed = zoomed;
    say("已转" + turned * 90 + "度，放大" + zoomed + "级");
  }

  // Shortcuts: none decides anything, none acts inside a field or a dialog.
  function step(by) {
    var links = all(".tb tbody tr").map(function (tr) { return tr.querySelector("th a[href], .op a[href]"); }).filter(Boolean);
    if (!links.length) return;
    var here = document.activeElement && document.activeElement.closest("tr"), at = -1;
    links.forEach(function (a, i) { if (a.closest("tr") === here) at = i; });
    at = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by));
    links[at].focus();
  }
  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || e.defaultPrevented) return;
    if (e.target.closest("input,select,textarea,dialog,[contenteditable]")) return;
    if (e.key === " " && e.target.matches("a[aria-disabled=true]")) { e.preventDefault(); refuse(e.target); }
    if (e.key === "j" || e.key === "k") { e.preventDefault(); step(e.key === "j" ? 1 : -1); }
    if (e.key === "[" || e.key === "]") { var go = document.querySelector(e.key === "[" ? "a[rel=prev]" : "a[rel=next]"); if (go) go.click(); }
    if (e.key === "/") {
      var find = document.getElementById("gs");
      if (find) { e.preventDefault(); find.form.classList.add("open"); find.focus(); }
    }
  });

  // On arrival: the error summary takes the focus, else the notice of the last action is read.
  var errors = document.querySelector("[data-errsum]"), notice = document.querySelector("[data-notice]");
  if (errors) errors.focus();
  else if (notice) say(notice.textContent.trim());

  // After a swap a fragment with data-say is read out; a failure is announced, never swapped in.
  document.addEventListener("htmx:afterSwap", function (e) {
    var el = e.detail.elt, words = el && el.getAttribute && el.getAttribute("data-say");
    if (words) say(words);
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function () { say("网络或服务器没有响应，刚才的操作未保存，请重试"); });
  });
})();
