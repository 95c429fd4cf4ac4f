// Draws the diagrams of templates/processes/_diagram.html with bpmn-js: in the colours of the theme, with the tokens on them.
(() => {
  const MARKS = [
    // status, icon, where its badge stands
    ["failed", "alert-triangle", { top: -11, left: -11 }],
    ["pending", "hourglass", { top: -11, left: -11 }],
    ["completed", "check", { bottom: 11, right: 13 }],
    ["skipped", "player-skip-forward", { top: -11, right: 13 }],
  ];
  const HEAT_LEVELS = 5;
  const SMALL = 60; // narrower than a task
  const SHAPE_CLASSES = ["failed", "pending", "completed"];

  // Custom properties may hold light-dark(): only a painted element knows the colour that comes of it.
  function colour(name) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  // A sign on an element: an icon, a few words, all of it in the tooltip; the list beside the diagram says the same.
  function badge(kind, icon, title, text) {
    const sign = document.createElement("span");
    sign.className = `token token-${kind}`;
    sign.title = title;
    sign.setAttribute("aria-hidden", "true");
    const picture = document.createElement("i");
    picture.className = `ti ti-${icon}`;
    sign.append(picture, text);
    return sign;
  }

  class Diagram {
    constructor(card) {
      this.card = card;
      this.canvas = card.querySelector("[data-canvas]");
      this.note = card.querySelector("[data-note]");
      this.tools = card.querySelector("[data-tools]");
      this.viewer = null;
      this.tools.addEventListener("click", (event) => {
        const button = event.target.closest("[data-zoom]");
        if (button) this.zoom(button.dataset.zoom);
      });
      // The wheel belongs to the page until the diagram has been clicked.
      this.canvas.addEventListener("pointerdown", () => this.viewer?.get("zoomScroll").toggle(true));
      card.addEventListener("pointerleave", () => this.viewer?.get("zoomScroll").toggle(false));
    }

    async load() {
      try {
        const answer = await fetch(this.card.dataset.diagram);
        if (!answer.ok) throw new Error(String(answer.status));
        this.xml = await answer.text();
      } catch {
        this.say(this.card.dataset.textFailed);
        return;
      }
      await this.draw();
    }

    // The one sentence that the viewer says by itself.
    translated(text, words = {}) {
      const said = text === "Open {element}" ? this.card.dataset.textOpen : text;
      return said.replace(/\{(\w+)\}/g, (place, name) => words[name] ?? place);
    }

    async draw() {
      const before = this.viewer?.get("canvas").viewbox();
      this.viewer?.destroy();
      this.viewer = new window.BpmnJS({
        container: this.canvas,
        zoomScroll: { enabled: false },
        additionalModules: [{ translate: ["value", (text, words) => this.translated(text, words)] }],
        bpmnRenderer: {
          defaultFillColor: colour("--tblr-bg-surface"),
          defaultStrokeColor: colour("--tblr-body-color"),
          defaultLabelColor: colour("--tblr-body-color"),
        },
      });
      try {
        await this.viewer.importXML(this.xml);
      } catch {
        this.say(this.card.dataset.textNone);
        return;
      }
      if (!this.viewer.get("elementRegistry").filter((element) => element.parent).length) {
        this.say(this.card.dataset.textNone);
        return;
      }
      this.note.hidden = true;
      this.tools.hidden = false;
      if (before) this.viewer.get("canvas").viewbox(before);
      else this.fit();
      this.mark();
    }

    say(sentence) {
      this.viewer?.destroy();
      this.viewer = null;
      this.canvas.hidden = true;
      this.tools.hidden = true;
      this.note.hidden = false;
      this.note.textContent = sentence;
    }

    // As high as the drawing needs, within what the style sheet allows; never larger than drawn.
    fit() {
      const canvas = this.viewer.get("canvas");
      const { inner, outer } = canvas.viewbox();
      const scale = Math.min(1, (outer.width - 48) / inner.width);
      const below = 44; // the buttons stand there
      this.canvas.style.height = `${Math.ceil(inner.height * scale) + 56 + below}px`;
      canvas.resized();
      canvas.zoom("fit-viewport", "auto");
      const space = { width: outer.width - 48, height: this.canvas.clientHeight - 40 - below };
      const level = Math.min(1, space.width / inner.width, space.height / inner.height);
      canvas.zoom(level, "auto");
      const box = canvas.viewbox();
      canvas.viewbox({
        ...box,
        x: inner.x + inner.width / 2 - box.width / 2,
        y: inner.y + inner.height / 2 - box.height / 2 + below / 2 / level,
      });
    }

    zoom(direction) {
      const canvas = this.viewer.get("canvas");
      if (direction === "fit") this.fit();
      else canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * (direction === "in" ? 1.25 : 0.8))), "auto");
    }

    // {"elements": {id: {status: number}}, "times": {id: {text, title}}, "flows": [id], "heat": {id: level}} from the
    // part of the page that refreshes itself.
    mark() {
      const source = this.card.dataset.marksFrom && document.getElementById(this.card.dataset.marksFrom);
      if (!source || !this.viewer) return;
      const marks = JSON.parse(source.dataset.marks);
      const registry = this.viewer.get("elementRegistry");
      const canvas = this.viewer.get("canvas");
      const overlays = this.viewer.get("overlays");
      overlays.remove({ type: "token" });
      for (const element of registry.getAll()) {
        const counts = marks.elements[element.id] ?? {};
        const state = SHAPE_CLASSES.find((status) => counts[status]);
        for (const status of SHAPE_CLASSES) canvas.removeMarker(element.id, `is-${status}`);
        if (state && !element.labelTarget) canvas.addMarker(element.id, `is-${state}`);
        if (element.labelTarget) continue;
        this.badges(overlays, element, counts);
        for (let level = 1; level <= HEAT_LEVELS; level += 1) canvas.removeMarker(element.id, `is-heat-${level}`);
        const heat = marks.heat?.[element.id];
        if (heat) canvas.addMarker(element.id, `is-heat-${heat}`);
        const time = marks.times?.[element.id];
        const corner = element.width < SMALL ? { top: -11, left: -11 } : { bottom: 11, left: -11 };
        if (time) overlays.add(element.id, "token", { position: corner, html: badge("time", marks.icon ?? "clock", time.title, time.text) });
      }
      for (const flow of marks.flows ?? []) if (registry.get(flow)) canvas.addMarker(flow, "is-taken");
      this.show(this.shown);
    }

    // Frames one element, as the list beside the diagram asks for it; none for what the drawing lacks.
    show(id) {
      this.shown = id;
      if (!this.viewer) return;
      const registry = this.viewer.get("elementRegistry");
      const canvas = this.viewer.get("canvas");
      for (const element of registry.getAll()) canvas.removeMarker(element.id, "is-shown");
      for (const button of document.querySelectorAll("[data-show-element]"))
        button.setAttribute("aria-pressed", String(button.dataset.showElement === id));
      if (id && registry.get(id)) canvas.addMarker(id, "is-shown");
    }

    lookAt(id) {
      this.show(this.shown === id ? null : id);
      const element = this.shown && this.viewer?.get("elementRegistry").get(id);
      if (!element) return;
      this.viewer.get("canvas").scrollToElement(element, 60);
      this.card.scrollIntoView({ block: "nearest" });
    }

    badges(overlays, element, counts) {
      for (const [status, icon, position] of MARKS) {
        const number = counts[status] ?? 0;
        if (!number) continue;
        const words = this.card.dataset[status === "failed" ? "textFailedStep" : `text${status[0].toUpperCase()}${status.slice(1)}`];
        // Below something small stands its name.
        const place = element.width < SMALL && position.bottom ? { top: -11, right: 11 } : position;
        overlays.add(element.id, "token", { position: place, html: badge(status, icon, `${words}: ${number}`, number > 1 ? String(number) : "") });
      }
    }
  }

  let diagrams = [];

  // Those of the page as it is now: a part that was fetched may have brought one, or taken one away.
  function adopt() {
    diagrams = diagrams.filter((diagram) => diagram.card.isConnected);
    for (const card of document.querySelectorAll("[data-diagram]")) {
      if (diagrams.some((diagram) => diagram.card === card)) continue;
      const diagram = new Diagram(card);
      diagrams.push(diagram);
      diagram.load();
    }
  }

  adopt();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show-element]");
    if (button) diagrams[0]?.lookAt(button.dataset.showElement);
  });
  let theme = document.documentElement.dataset.bsTheme;
  document.addEventListener("portal:theme", () => {
    if (theme === document.documentElement.dataset.bsTheme) return;
    theme = document.documentElement.dataset.bsTheme;
    for (const diagram of diagrams) if (diagram.viewer) diagram.draw();
  });
  document.addEventListener("htmx:afterSettle", () => {
    adopt();
    for (const diagram of diagrams) diagram.mark();
  });
})();
