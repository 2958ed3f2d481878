"use strict";
// On site (专项督查): what is ticked and typed is kept on this telephone, marked 未送出, until the portal says it has it.
// The only script of the portal that keeps anything in the browser, because there a line may be missing for an hour.
// What is kept bears the person's own number: nobody else who signs in here sends it, and once sent it is gone from here.
(function () {
  var user = document.currentScript.getAttribute("data-user"), live = document.getElementById("live");
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function say(text) { if (live) { live.textContent = ""; window.setTimeout(function () { live.textContent = text; }, 50); } }
  function read(name) { try { return JSON.parse(localStorage.getItem(name)); } catch (fault) { return null; } }
  function write(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch (fault) { return false; } }
  function forget(name) { try { localStorage.removeItem(name); } catch (fault) { /* nothing was kept */ } }
  function newKey() {
    var bytes = new Uint8Array(16); window.crypto.getRandomValues(bytes);
    var hex = Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // Forms in which sentences are typed: kept beside the draft on the server, which a missing line does not reach.
  all("form[data-draft]").forEach(function (form) {
    var name = "inspection-form:" + user + ":" + new URL(form.action).pathname, kept = read(name), back = false;
    function typed() {
      var found = {};
      all("textarea, input.in:not([type=file]):not([type=password]), select", form).forEach(function (field) { found[field.name] = field.value; });
      return found;
    }
    if (kept && !document.querySelector("[data-errsum]")) {
      Object.keys(kept.fields).forEach(function (field) {
        var control = form.elements[field];
        if (control && control.tagName === "TEXTAREA" && kept.fields[field] && !control.value) { control.value = kept.fields[field]; back = true; }
      });
      if (back) say("已恢复本机保存的内容");
    }
    form.addEventListener("input", function () { write(name, { fields: typed() }); });
    form.addEventListener("submit", function (e) {
      if (!navigator.onLine) { e.preventDefault(); e.stopImmediatePropagation(); unsaid(form, "没有网络，内容已保存在本机，连上后再提交"); return; }
      write(name, { fields: typed(), sent: true });
    });
  });
  function unsaid(form, words) {
    var state = form.querySelector("[data-draft-state]");
    if (state) { state.hidden = false; state.textContent = words; }
    say(words);
  }
  // What was sent has arrived when a page answers with the notice of the deed.
  if (document.querySelector("[data-notice]") && !document.querySelector("[data-errsum]")) {
    for (var n = localStorage.length - 1; n >= 0; n -= 1) {
      var name = localStorage.key(n), held = name.indexOf("inspection-form:" + user + ":") === 0 && read(name);
      if (held && held.sent) forget(name);
    }
  }

  var page = document.querySelector("form[data-onsite]");
  if (!page) return;
  var rows = all("fieldset[data-student]", page).map(row), bar = page.querySelector("[data-unsent]"), out = page.querySelector("[data-count]"), tab = document.querySelector(".tabs [aria-current] .num");
  function count() {
    var unsent = rows.filter(function (r) { return r.kept; }).length, seen = rows.filter(function (r) { return r.result(); }).length;
    if (out) out.textContent = "已登记" + seen + "/" + rows.length + "人";
    if (tab) tab.textContent = seen + "/" + rows.length;
    if (bar) bar.textContent = unsent ? unsent + "人未送出，已存在本机" + (navigator.onLine ? "" : "；没有网络，连上后自动送出") : "全部已保存";
  }

  function row(box) {
    var id = box.getAttribute("data-student"), name = "inspection:" + user + ":" + id, state = box.querySelector("[data-state]");
    var note = box.querySelector("input.in"), radios = all("input[type=radio]", box), clash = box.querySelector("[data-clash]"), timer = 0, running = false;
    var self = { kept: read(name), result: result, send: send };
    var version = Number(box.getAttribute("data-seen"));
    function result() { var on = radios.filter(function (r) { return r.checked; })[0]; return on ? on.value : ""; }
    function show(words, tone) { state.hidden = !words; state.textContent = words; state.className = "tag" + (tone ? " " + tone : ""); count(); }
    function fill(from) { note.value = from.note; radios.forEach(function (r) { r.checked = r.value === from.result; }); }
    // Every change is a new thing to send, under a key of its own; sent twice, the portal writes it once.
    function change() {
      self.kept = { result: result(), note: note.value, key: newKey(), seen: self.kept ? self.kept.seen : version };
      show(write(name, self.kept) ? "未送出" : "未送出，本机无法保存", "warn");
    }
    function done(told) {
      version = told.version; box.setAttribute("data-seen", version);
      var hidden = box.querySelector("input[type=hidden]"); if (hidden) hidden.value = version;
    }
    function send() {
      if (running || !self.kept || !clash.hidden || !navigator.onLine) { count(); return; }
      var sent = self.kept; running = true;
      fetch(box.getAttribute("data-url"), {
        method: "POST", body: new URLSearchParams({ result: sent.result, note: sent.note, key: sent.key, seen: String(sent.seen) }),
        credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": page.elements.csrfmiddlewaretoken.value, "X-Requested-With": "fetch" }
      }).then(function (answer) {
        if (answer.type === "opaqueredirect") throw new Error("登录已失效，重新登录后自动送出");
        if (answer.status !== 200 && answer.status !== 409 && answer.status !== 422) throw new Error("未送出，稍后再试");
        return answer.json().then(function (told) { return { status: answer.status, told: told }; });
      }).then(function (found) {
        running = false;
        if (found.status === 409) { disagree(found.told); return; }
        if (found.status === 422) { show(found.told.words, "bad"); say(found.told.words); return; }
        done(found.told);
        if (self.kept.key === sent.key) { self.kept = null; forget(name); show("已保存", "ok"); return; }
        self.kept.seen = found.told.version; write(name, self.kept); send();
      }).catch(function (fault) { running = false; show(fault.message.indexOf("登录") === 0 ? fault.message : "未送出", "warn"); });
    }
    // Two members looked at one student: a person decides which holds.
    function disagree(told) {
      clash.hidden = false; clash.querySelector("[data-words]").textContent = told.words; show("未送出", "warn"); say(told.words);
      clash.querySelector("[data-mine]").onclick = function () {
        self.kept.seen = told.version; self.kept.key = newKey(); write(name, self.kept); clash.hidden = true; send();
      };
      clash.querySelector("[data-theirs]").onclick = function () {
        self.kept = null; forget(name); done(told); fill(told); clash.hidden = true; show("已采用", "ok");
      };
    }
    radios.forEach(function (r) { r.addEventListener("change", function () { change(); send(); }); });
    note.addEventListener("input", function () { change(); window.clearTimeout(timer); timer = window.setTimeout(send, 800); });
    note.addEventListener("blur", function () { window.clearTimeout(timer); send(); });
    if (self.kept) { fill(self.kept); state.hidden = false; state.textContent = "未送出"; state.className = "tag warn"; }
    return self;
  }
  function sendAll() { rows.forEach(function (r) { r.send(); }); }
  window.addEventListener("online", function () { count(); sendAll(); });
  window.addEventListener("offline", count);
  window.setInterval(sendAll, 10000);
  page.addEventListener("submit", function (e) {
    e.preventDefault(); e.stopImmediatePropagation(); sendAll();
    say(rows.some(function (r) { return r.kept; }) ? "正在送出" : "全部已保存");
  });
  count(); sendAll();
})();
