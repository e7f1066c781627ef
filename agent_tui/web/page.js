// The page of the helper's screen: a code becomes a cookie by a button, then one socket that comes back.
(() => {
  "use strict";
  const $ = (id) => document.getElementById(id);
  const words = JSON.parse($("words").textContent);
  const root = document.documentElement;
  const nonce = document.currentScript.nonce;
  const Socket = window.WebSocket;
  const WAITS = [300, 1000, 2000, 4000, 8000];
  const CLOSED = { 4401: "nobody", 4403: "forbidden", 4409: "elsewhere", 4410: "over", 4411: "left", 4429: "full" };
  let line = null;

  // The terminal's script makes style elements; the policy of this page wants to know whose they are.
  const make = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const element = make(name, options);
    if (String(name).toLowerCase() === "style") element.nonce = nonce;
    return element;
  };
  // A customer's words may hold an address; on this screen a click on it goes nowhere.
  window.open = () => null;

  // -- the card

  function show(state, heading, note) {
    root.dataset.state = state;
    $("heading").textContent = heading;
    $("note").textContent = note;
    $("keys").hidden = state !== "enter";
    $("safe").hidden = state !== "enter";
    $("field").hidden = true;
    $("form").hidden = $("start").hidden = $("more").hidden = true;
    $("start").disabled = false;
    $("bar").hidden = true;
    complain("");
  }

  function complain(text) {
    $("trouble").textContent = text;
    $("trouble").hidden = !text;
  }

  function offer(text, act) {
    $("start").textContent = text;
    $("form").hidden = $("start").hidden = false;
    $("form").onsubmit = (event) => { event.preventDefault(); act(); };
  }

  function enter() {
    const code = decodeURIComponent(location.hash.slice(1));
    show("enter", words.hello, words.about);
    $("field").hidden = Boolean(code);
    $("code").value = code;
    offer(words.start, exchange);
    if (root.dataset.cookie) {
      $("more").textContent = words.go_on;
      $("more").hidden = false;
      $("more").onclick = work;
    }
    (code ? $("start") : $("code")).focus();
  }

  async function exchange() {
    $("start").disabled = true;
    complain("");
    try {
      const answer = await fetch("session", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code: $("code").value }),
      });
      if (answer.ok) return work();
      const told = await answer.json().catch(() => ({}));
      refused(told.problem in words ? told.problem : "no_server_now");
    } catch (error) {
      refused("no_server_now");
    }
  }

  function refused(why) {
    if (why === "unknown_code") {
      history.replaceState(null, "", location.pathname);
      $("field").hidden = false;
      $("code").select();
      $("code").focus();
    }
    complain(words[why]);
    $("start").disabled = false;
  }

  function ended(why) {
    if (line) line.stop();
    if (why === "nobody" || why === "over" || why === "forbidden") {
      fetch("session", { method: "DELETE" }).catch(() => {});
      delete root.dataset.cookie;
    }
    if (why === "nobody") return enter();
    show(why, words[why], words[why + "_note"]);
    if (why === "elsewhere") offer(words.here, work);
    if (why === "left" || why === "full") offer(words.go_on, work);
  }

  // -- the terminal

  async function work() {
    if (location.hash) history.replaceState(null, "", location.pathname);
    root.dataset.cookie = "1";
    if (line) return location.reload();
    show("opening", words.opening, "");
    const box = $("terminal");
    box.dataset.sessionWebsocketUrl = location.origin.replace(/^http/, "ws") + location.pathname + "socket";
    box.dataset.fontSize = String(size());
    box.className = "textual-terminal";
    await Promise.allSettled([document.fonts.load(size() + 'px "Roboto Mono"', "a客"), pause(0)]);
    window.WebSocket = Line;
    const script = make("script");
    script.src = box.dataset.script;
    script.onload = () => window.onload(new Event("load"));
    document.head.append(script);
  }

  // As large as can be read at arm's length while 80 by 24 fit; on a small window 60 by 20 must.
  function size() {
    const fits = (columns, rows) => Math.min(innerWidth / (columns * 0.61), innerHeight / (rows * 1.34));
    const roomy = Math.min(20, fits(81, 25));
    return Math.floor(2 * Math.max(7, roomy >= 14 ? roomy : Math.min(14, fits(61, 21)))) / 2;
  }

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  // What the terminal's script takes for a socket: it stays open while the real one is lost and found again.
  class Line extends EventTarget {
    constructor(url) {
      super();
      line = this;
      this.url = new URL(url);
      this.tries = 0;
      this.isOpen = false;
      this.isOver = false;
      $("again").onclick = () => this.connect();
      addEventListener("online", () => this.connect());
      this.connect();
    }

    connect() {
      if (this.isOver || (this.socket && this.socket.readyState < 2)) return;
      clearTimeout(this.timer);
      this.socket = new Socket(this.url);
      this.socket.binaryType = "arraybuffer";
      this.socket.onmessage = (event) => this.heard(event);
      this.socket.onclose = (event) => this.lost(event.code);
    }

    heard(event) {
      if (!this.isOpen) {
        this.isOpen = true;
        this.tries = 0;
        root.dataset.state = "working";
        $("bar").hidden = true;
        this.dispatchEvent(new Event("open"));
        document.querySelector(".xterm-helper-textarea")?.focus();
      }
      this.dispatchEvent(new MessageEvent("message", { data: event.data }));
    }

    lost(code) {
      this.isOpen = false;
      if (this.isOver) return;
      if (CLOSED[code]) return ended(CLOSED[code]);
      const why = code === 4500 ? "stumbled" : code === 4503 ? "no_server" : "lost";
      $("bar-words").textContent = words[why] + (why === "lost" ? " " + words.lost_note : "");
      $("bar").hidden = root.dataset.state !== "working";
      if (root.dataset.state === "opening") $("note").textContent = words[why];
      const wait = WAITS[Math.min(this.tries, WAITS.length - 1)];
      this.tries += 1;
      this.timer = setTimeout(() => this.connect(), wait * (0.8 + 0.4 * Math.random()));
    }

    // Keys pressed while the line is down are dropped: sent later, they would meet another customer.
    send(text) {
      const told = JSON.parse(text);
      if (told[0] === "resize") {
        this.url.searchParams.set("width", told[1].width);
        this.url.searchParams.set("height", told[1].height);
      }
      if (this.socket.readyState === 1) this.socket.send(text);
    }

    stop() {
      this.isOver = true;
      clearTimeout(this.timer);
      this.socket.close();
    }
  }

  // Another width wants another size of letters; a reload takes the running screen up again.
  let width = innerWidth;
  let settling = 0;
  addEventListener("resize", () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      const box = $("terminal");
      if (root.dataset.state !== "working" || innerWidth === width) return;
      width = innerWidth;
      if (Math.abs(size() - Number(box.dataset.fontSize)) >= 1) location.reload();
    }, 500);
  });
  addEventListener("hashchange", () => { if (location.hash.length > 1) { location.reload(); } });

  if (location.hash.length > 1 || !root.dataset.cookie) enter();
  else work();
})();
